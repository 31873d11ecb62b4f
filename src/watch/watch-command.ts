import type { Config } from '../config.ts';
import { watch } from './watch.ts';

/** The options of the command line; those that are not named here are parameters of the feed. */
export interface WatchCommand extends Record<string, unknown> {
  json?: boolean;
  lang?: 'zh' | 'en';
}

/** Watches until Ctrl-C. Data goes to the output; what is to say about the connection to the error stream. */
export async function watchWith({ json = false, lang, ...subscription }: WatchCommand, config: Config): Promise<void> {
  const language = lang ?? (Intl.DateTimeFormat().resolvedOptions().locale.startsWith('zh') ? 'zh' : 'en');
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
  process.stdout.on('error', () => ended.abort()); // who reads along, such as head, has gone
  const terminal = {
    colors: process.stdout.isTTY && process.stdout.hasColors(),
    print: (line: string) => process.stdout.write(`${line}\n`),
    say: (line: string) => process.stderr.write(`${line}\n`),
  };
  const asked = { subscription: subscription as Record<string, string | undefined>, json, language } as const;
  await watch(config, asked, terminal, ended.signal);
}
