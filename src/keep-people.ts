import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ApiTokens } from './access/api-tokens.ts';
import { CredentialBook } from './access/credential-book.ts';
import { readKeyFile } from './access/key-file.ts';
import { PeopleBook } from './access/people-book.ts';
import { PeopleDesk, type DrawnCode } from './access/people-desk.ts';
import { replacePrivateFile } from './access/private-file.ts';
import { SessionDesk } from './access/session-desk.ts';
import { SignOn } from './access/sign-on.ts';
import type { Config } from './config.ts';
import { WanglouError } from './errors.ts';
import type { EventLog } from './event-log/event-log.ts';
import { keepTrying } from './keep-trying.ts';

/** The provider that signs people in; undefined when none is set. @throws WanglouError WL_FILE_UNREADABLE */
export async function signOnOf(config: Config): Promise<SignOn | undefined> {
  if (config.oidcIssuer === '') return undefined;
  const { oidcClientSecretFile: file, oidcSecondFactor } = config;
  return new SignOn({
    label: config.oidcName,
    issuer: config.oidcIssuer,
    clientId: config.oidcClientId,
    clientSecret: file === '' ? config.oidcClientSecret : await secretIn(file),
    scopes: config.oidcScopes,
    personClaim: config.oidcPersonClaim,
    secondFactor: oidcSecondFactor.split(/\s+/).filter(Boolean),
    key: await readKeyFile(config.dataDir, 'account-key', 'without it no second factor can be read'),
  });
}

async function secretIn(file: string): Promise<string> {
  const secret = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new WanglouError('WL_FILE_UNREADABLE', `oidcClientSecretFile ${file}: ${(error as Error).message}`);
  });
  return secret.trim();
}

export interface KeptPeople {
  book: PeopleBook;
  desk: PeopleDesk;
  credentials: CredentialBook;
  sessions: SessionDesk;
  apiTokens: ApiTokens;
  stop(): Promise<void>;
}

/**
 * Who there is, for `serve`: undefined in a trial, which has one account. The mode is in the log, and so is where the
 * activation codes of the first administrators lie; the codes themselves are only in that private file.
 */
export async function keepPeople(config: Config, eventLog: EventLog, log: Logger): Promise<KeptPeople | undefined> {
  if (config.access === 'trial') {
    log.info({ access: 'trial' }, 'this is a trial: one account does everything, nobody checks it');
    return undefined;
  }
  const book = new PeopleBook({ table: eventLog.table('people'), onProblem: toldOnce('accounts', log) });
  const desk = new PeopleDesk(book);
  const credentials = new CredentialBook({
    table: eventLog.table('credentials'),
    onProblem: toldOnce('sessions', log),
  });
  await keepTrying('people', () => book.start(), log);
  await keepTrying('sessions', () => credentials.start(), log);
  const path = activationCodesPath(config);
  const codes = await desk.found();
  if (codes.length > 0) await replacePrivateFile(path, codesText(codes));
  else await rm(path, { force: true });
  log.info(
    { access: 'full' },
    codes.length > 0 ? `activation codes of administrators are in ${path}` : 'accounts are known',
  );
  return {
    ...{ book, desk, credentials, sessions: new SessionDesk(credentials, book) },
    apiTokens: new ApiTokens(credentials, book),
    stop: async () => {
      await credentials.stop();
      await book.stop();
    },
  };
}

/** The same problem is said once, until it is gone. */
function toldOnce(what: string, log: Logger): (problem: string) => void {
  let told = '';
  return (problem) => {
    if (problem !== told && problem !== '') log.error(`${what} can not be read, what was known stays: ${problem}`);
    told = problem;
  };
}

/** Name and code a line, as long as one of the first administrators has not been there. */
export function activationCodesPath({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'access/activation-codes');
}

function codesText(codes: readonly DrawnCode[]): string {
  return codes.map(({ account, code }) => `${account} ${code}\n`).join('');
}
