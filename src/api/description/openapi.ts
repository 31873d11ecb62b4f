import { accessPaths } from './access-paths.ts';
import { detectorPaths } from './detector-paths.ts';
import { evidencePaths } from './evidence-paths.ts';
import { exportPaths } from './export-paths.ts';
import { findingPaths } from './finding-paths.ts';
import { forecastPaths, overviewPaths, posturePaths } from './posture-paths.ts';
import { huntingPaths } from './hunting-paths.ts';
import { reportPaths } from './report-paths.ts';
import { revealPaths } from './reveal-paths.ts';
import { incidentPaths, profilePaths, sourcePaths } from './profile-paths.ts';
import { peoplePaths } from './people-paths.ts';
import { CHANGES, listPaths, otherPaths, VERSION } from './registry-paths.ts';
import { LISTS } from '../../registry/schema.ts';
import { ENTRY_SCHEMAS } from '../routes/registry.ts';
import { sqlPaths } from './sql-paths.ts';
import { ERROR, type Json, schemaOf } from './words.ts';

/** The API's description, OpenAPI 3.1, made from the schemas that the routes check with. */
export function openApi(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wanglou',
      version: '1',
      description:
        'The registry of assets, grants, vendors, accounts and more; what each of them did; findings and what people decide; the posture score; forecasts.',
    },
    paths: {
      ...listPaths(),
      ...otherPaths(),
      ...posturePaths(),
      ...forecastPaths(),
      ...overviewPaths(),
      ...profilePaths(),
      ...findingPaths(),
      ...incidentPaths(),
      ...sourcePaths(),
      ...detectorPaths(),
      ...accessPaths(),
      ...revealPaths(),
      ...sqlPaths(),
      ...huntingPaths(),
      ...evidencePaths(),
      ...reportPaths(),
      ...exportPaths(),
      ...peoplePaths(),
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: ERROR,
        Changes: CHANGES,
        Version: VERSION,
        ...Object.fromEntries(LISTS.map((list) => [list, schemaOf(ENTRY_SCHEMAS[list])])),
      },
    },
    security: [{ token: [] }],
  };
}
