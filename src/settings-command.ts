import { readTokens } from './access/tokens.ts';
import type { Config } from './config.ts';
import { WanglouError } from './errors.ts';
import { askLocal } from './local-server.ts';

/**
 * `rowsAtLeast=5000` and the like as settings: what is JSON counts as JSON, anything else as text.
 * @throws WanglouError WL_SETTINGS_INVALID
 */
export function parseChanges(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1)
        throw new WanglouError('WL_SETTINGS_INVALID', `${JSON.stringify(pair)} is no setting`, {
          remedy: 'Write name=value, such as rowsAtLeast=5000.',
        });
      return [pair.slice(0, at), valueOf(pair.slice(at + 1))];
    }),
  );
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Asks the running `serve` program. @throws WanglouError with its answer when it refuses. */
export async function askServe(config: Config, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const { api } = await readTokens(config);
  const tls = config.webTls === 'on' ? config : undefined;
  const answer = await askLocal(
    { port: config.webPort, path: `/api/v1${path}`, tls },
    {
      method,
      headers: { authorization: `Bearer ${api}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    },
  ).catch((error: unknown) => {
    throw new WanglouError('WL_NOT_FOUND', `serve does not answer on port ${config.webPort}`, {
      remedy: 'Start it, or set the port that it listens on (webPort).',
      cause: error,
    });
  });
  const said = JSON.parse(answer.text) as { message?: string; remedy?: string };
  if (answer.ok) return said;
  throw new WanglouError('WL_SETTINGS_INVALID', said.message ?? `serve answered ${answer.status}`, {
    ...(said.remedy === undefined ? {} : { remedy: said.remedy }),
  });
}
