import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FeedOptions } from '../../src/feed/feed.ts';
import { PosturePush } from '../../src/posture-push.ts';
import { ApiServer } from '../../src/api/server.ts';
import { testParts, type TestParts } from '../api/parts.ts';
import { PretendForecasts } from './pretend-forecasts.ts';

const appDir = resolve('dashboards/dist');

export interface PageServer extends TestParts {
  forecasts: PretendForecasts;
  url: string;
  /** A new one-time sign-in address. */
  invitation(): Promise<string>;
  /** The server goes away and comes back on the same port, as after a restart; sessions and feed stay. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** The built page with the real API and feed over a store in memory; builds the page when it is not there. */
export async function startPage(feedOptions: FeedOptions = {}): Promise<PageServer> {
  buildPage();
  const forecasts = new PretendForecasts();
  const parts = { ...(await testParts(feedOptions)), forecasts };
  parts.feed.start();
  const push = new PosturePush({ desk: parts.posture, feed: parts.feed, onProblem: () => undefined });
  let isPushing = false;
  const changes = setInterval(() => push.changed(), 500);
  const options = { host: '127.0.0.1', publicOrigin: '', appDir };
  let server = new ApiServer({ ...options, port: 0 }, parts);
  await server.start();
  const bound = server.port;
  const url = `http://127.0.0.1:${bound}`;
  return {
    ...parts,
    url,
    invitation: async () => {
      // What a test has put into the store is there by now.
      if (!isPushing) push.start();
      isPushing = true;
      return `${url}/#code=${await parts.access.drawCode()}`;
    },
    pause: () => server.stop(),
    resume: async () => {
      server = new ApiServer({ ...options, port: bound }, parts);
      await server.start();
    },
    stop: async () => {
      clearInterval(changes);
      push.stop();
      parts.feed.stop();
      await server.stop();
      parts.remove();
    },
  };
}

/** Builds the page when it is not there. */
export function buildPage(): void {
  if (existsSync(resolve(appDir, 'index.html'))) return;
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'dashboards', '--logLevel=error'], {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' }, // not vitest's own, which would build for development
  });
}
