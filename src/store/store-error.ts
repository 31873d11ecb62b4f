/** ClickHouse's numbers of the errors that the embedded store raises by itself. */
const CODES = {
  BAD_ARGUMENTS: 36,
  SYNTAX_ERROR: 62,
  READONLY: 164,
  REQUIRED_PASSWORD: 194,
  TOO_MANY_SIMULTANEOUS_QUERIES: 202,
  QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING: 216,
  UNKNOWN_QUERY_PARAMETER: 456,
  SETTING_CONSTRAINT_VIOLATION: 452,
  QUERY_WAS_CANCELLED: 394,
  REQUEST_TOO_LARGE: 307,
  ACCESS_DENIED: 497,
  AUTHENTICATION_FAILED: 516,
  ABORTED: 236,
} as const;

/** HTTP status by error number, as ClickHouse answers; everything else is 500. */
const STATUS: ReadonlyMap<number, number> = new Map([
  ...[6, 26, 27, 36, 38, 41, 53, 62, 69, 70, 72, 117, 130, 131, 158, 379, 386, 427, 452, 456].map(
    (n) => [n, 400] as const,
  ),
  [194, 401],
  ...[192, 193, 512, 516].map((n) => [n, 403] as const),
  ...[46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 336].map((n) => [n, 404] as const),
  [159, 408],
  [381, 411],
  [307, 413],
  [48, 501],
  [439, 503],
]);

export interface StoreFault {
  code: number;
  status: number;
  /** `Code: 62. DB::Exception: … (SYNTAX_ERROR)`, as clients parse it. */
  text: string;
}

/** An error that the embedded store raises by itself, in ClickHouse's terms. */
export class StoreError extends Error {
  readonly clickhouseCode: number;
  constructor(name: keyof typeof CODES, message: string) {
    super(`Code: ${CODES[name]}. DB::Exception: ${message}. (${name})`);
    this.clickhouseCode = CODES[name];
  }
}

/** What to answer for any error: the engine's own words where they are ClickHouse's. */
export function faultOf(error: unknown): StoreFault {
  const message = error instanceof Error ? error.message : String(error);
  const code = Number(/^Code: (\d+)\./.exec(message)?.[1] ?? 1002);
  const text = message.startsWith('Code: ') ? message : `Code: 1002. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)`;
  return { code, status: STATUS.get(code) ?? 500, text: `${text} (version ${VERSION})` };
}

/** What is offered to clients that look at it; the engine of chdb 3.4.0. */
export const VERSION = '26.7.2.1';
