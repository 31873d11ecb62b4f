import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { AuditTrail } from '../../src/access/audit/trail.ts';
import { ApiServer } from '../../src/api/server.ts';
import { TriageDesk } from '../../src/triage-desk.ts';
import { testParts } from '../api/parts.ts';
import { TOPICS } from '../event-log/conformance-topics.ts';
import { finding } from '../feed/samples.ts';

/**
 * The API with its audit trail and its decisions in the embedded log of the directory that is its argument, until it is
 * killed. Prints its port, the API token and the id of a finding.
 */
const ends = (problem: unknown): never => {
  console.error(problem);
  process.exit(3);
};
const log = new EmbeddedEventLog({ dir: process.argv[2]!, topics: TOPICS, onProblem: ends, onFatal: ends });
await log.start();
const parts = await testParts();
parts.store.findings.push(finding('one'));
const server = new ApiServer(
  { host: '127.0.0.1', port: 0, publicOrigin: '', appDir: '/nonexistent' },
  { ...parts, trail: new AuditTrail({ log }), triage: new TriageDesk(log, parts.store) },
);
await server.start();
console.log(JSON.stringify({ port: server.port, token: parts.apiToken, finding: finding('one').id }));
