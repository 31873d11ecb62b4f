import { readTokens } from '../access/tokens.ts';
import type { Config } from '../config.ts';
import { trustOwn } from '../local-server.ts';
import type { Changes } from '../feed/protocol.ts';
import { FeedFollower, type Link } from './feed-follower.ts';
import { harmlessJson } from './harmless.ts';
import { lineOf } from './lines.ts';
import { NewsOf, type News } from './news.ts';
import { WORDING, type Language } from './wording.ts';

export interface WatchOptions {
  /** Parameters of the feed (src/feed/subscription.ts); those left out are undefined. */
  subscription: Readonly<Record<string, string | undefined>>;
  json: boolean;
  language: Language;
}

/** Where lines go: data, and what is said about the connection. */
export interface Terminal {
  colors: boolean;
  print: (line: string) => void;
  say: (line: string) => void;
}

/** Of the past, a terminal gets the last ones; scripts get all. */
const FIRST_LINES = 10;

/** Prints what the feed tells, until the signal. @throws WanglouError WL_UNAUTHORIZED, WL_QUERY_INVALID */
export async function watch(
  config: Pick<Config, 'webPort' | 'webTls' | 'tlsCert' | 'timeZone' | 'dataDir' | 'ingestToken' | 'apiToken'>,
  options: WatchOptions,
  terminal: Terminal,
  until: AbortSignal,
): Promise<void> {
  const printer = new Printer(options, config.timeZone, terminal);
  const given = Object.entries(options.subscription).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const isTls = config.webTls === 'on';
  const follower = new FeedFollower({
    url: `${isTls ? 'wss' : 'ws'}://127.0.0.1:${config.webPort}/feed`,
    ...(isTls && { tls: trustOwn(config) }),
    token: async () => (await readTokens(config)).api,
    query: Object.fromEntries(given),
    onChanges: (changes) => printer.changes(changes),
    onLink: (link) => printer.link(link),
  });
  until.addEventListener('abort', () => follower.stop());
  await follower.run();
}

/** The last findings and incidents of a snapshot, oldest first, and how things stand now. */
function lastOf(all: readonly News[]): News[] {
  const happened = all.flatMap((news): { at: number; news: News }[] => {
    if (news.type === 'finding') return [{ at: news.finding.raisedAt, news: { ...news, what: 'raised' } }];
    return news.type === 'incident' ? [{ at: news.incident.causedAt, news }] : [];
  });
  const last = happened.sort((a, b) => a.at - b.at).slice(-FIRST_LINES);
  return [...last.map(({ news }) => news), ...all.filter(isState)];
}

/** How things stand, of what a terminal shows. */
function isState(news: News): boolean {
  return news.type === 'health' || news.type === 'source' || (news.type === 'score' && news.score.kind === 'overall');
}

class Printer {
  readonly #options: WatchOptions;
  readonly #timeZone: string;
  readonly #terminal: Terminal;
  readonly #news = new NewsOf();
  #isFirst = true;

  constructor(options: WatchOptions, timeZone: string, terminal: Terminal) {
    this.#options = options;
    this.#timeZone = timeZone;
    this.#terminal = terminal;
  }

  changes(changes: Changes): void {
    const all = this.#news.take(changes);
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const news = isFirst && !this.#options.json ? lastOf(all) : all;
    if (isFirst) this.#terminal.say(WORDING[this.#options.language].begun(changes.findings.length, news.length));
    for (const each of news) this.#print(each);
  }

  link(link: Link): void {
    const words = WORDING[this.#options.language];
    if (typeof link === 'object') this.#terminal.say('lost' in link ? words.lost(link.lost) : words.away(link.away));
    else if (link !== 'begun') this.#terminal.say(words[link]);
  }

  #print(news: News): void {
    const { json, language } = this.#options;
    const { colors, print } = this.#terminal;
    const line = json ? harmlessJson(news) : lineOf(news, { language, timeZone: this.#timeZone, colors });
    if (line !== undefined) print(line);
  }
}
