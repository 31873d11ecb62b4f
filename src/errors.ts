/**
 * Every error that a user can meet: code, what happened, what to do. A message names the field, the value and the remedy.
 * test/errors.test.ts ties this table to the code that raises them.
 */
export const ERRORS = {
  WL_CONFIG_INVALID: { status: 500, remedy: 'Correct the named setting; the settings are in docs/settings.md.' },
  WL_REGISTRY_INVALID: { status: 400, remedy: 'Correct the named field; the registry in use stays as it was.' },
  WL_SETTINGS_INVALID: {
    status: 400,
    remedy: 'Correct the named setting; detectors/README.md lists each with its default and what it means.',
  },
  WL_DATA_IN_USE: { status: 500, remedy: 'Stop the other one, or set another data directory (WANGLOU_DATA_DIR).' },
  WL_PORT_IN_USE: { status: 500, remedy: 'Stop the other program or set another port.' },
  WL_FILE_UNREADABLE: { status: 500, remedy: 'Check that the path exists and that this user may read it.' },
  WL_BODY_INVALID: { status: 400, remedy: 'Send NDJSON, a JSON array or one JSON object.' },
  WL_BODY_TOO_LARGE: { status: 413, remedy: 'Send smaller batches.' },
  WL_ENCODING_UNSUPPORTED: { status: 415, remedy: 'Send the body plain, or as gzip, deflate or zstd.' },
  WL_UNAUTHORIZED: { status: 401, remedy: 'Send a valid token: Authorization: Bearer <token>.' },
  WL_CODE_WRONG: { status: 401, remedy: 'Take the six digits that the authenticator app shows now.' },
  WL_CODE_USED: { status: 401, remedy: 'Wait for the next code of the authenticator app.' },
  WL_CLOCK_OFF: { status: 401, remedy: 'Set the clock of the device with the authenticator app.' },
  WL_ACCOUNT_LOCKED: { status: 401, remedy: 'Ask the security administrator.' },
  WL_PROVIDER_REFUSED: { status: 401, remedy: 'Begin again at the sign-in page.' },
  WL_PROVIDER_AWAY: {
    status: 503,
    remedy: 'Check that the OpenID Connect provider is running and reachable from here.',
  },
  WL_FORBIDDEN: { status: 403, remedy: 'Use an account or token that has the permission.' },
  WL_NOT_FOUND: { status: 404, remedy: 'Check the path.' },
  WL_CONFLICT: { status: 409, remedy: 'Look at the current state, then decide again.' },
  WL_QUERY_INVALID: { status: 400, remedy: 'Correct the named parameter.' },
  WL_SQL_REFUSED: {
    status: 400,
    remedy: 'Write the query without what is named; docs/sql.md says what may be used.',
  },
  WL_QUERY_STOPPED: {
    status: 422,
    remedy: 'Narrow the time range, filter by source, account or asset, or ask for fewer columns.',
  },
  WL_QUERY_CANCELLED: { status: 409, remedy: 'Run it again when its result is wanted after all.' },
  WL_EXPORTS_FULL: {
    status: 507,
    remedy: 'Delete exports that are not needed any more, wait until old ones expire, or raise exportQuotaGb.',
  },
  WL_RANGE_INVALID: { status: 416, remedy: 'Ask for bytes that the file has; Content-Range says how many those are.' },
  WL_TOO_MANY: { status: 429, remedy: 'Wait as long as Retry-After says, then send the same batch again.' },
  WL_LOG_FULL: { status: 503, remedy: 'Free space on the data volume; senders may repeat the batch.' },
  WL_LOG_AWAY: { status: 503, remedy: 'Check that the event log is running; senders may repeat the batch.' },
  WL_STORE_AWAY: { status: 503, remedy: 'Check that the store is running; it is tried again by itself.' },
  WL_BROWSER_AWAY: {
    status: 503,
    remedy:
      'Install Chromium (Debian: apt-get install chromium) or set its path as `browser`; meanwhile print the HTML from any browser.',
  },
  WL_AUDIT_AWAY: {
    status: 503,
    remedy: 'Check that the event log is running and has room, then try again; reading and ingest go on meanwhile.',
  },
  WL_INTAKE_FAULT: {
    status: 503,
    remedy: 'Send the same batch again; if this comes again, report it with what the log of collect says.',
  },
  WL_INTERNAL: { status: 500, remedy: "Look for the request's id in the log of serve; report it if it happens again." },
} as const satisfies Record<string, { status: number; remedy: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error for people: `message` names what was wrong, `remedy` what to do, `status` is the HTTP answer. */
export class WanglouError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly remedy: string;
  /** What the message is made of, for pages that say it in another language. */
  readonly details: Readonly<Record<string, string | number>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { remedy?: string; details?: Record<string, string | number>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = ERRORS[code].status;
    this.details = options.details ?? {};
    this.remedy = options.remedy ?? ERRORS[code].remedy;
  }
}
