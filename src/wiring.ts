import { join } from 'node:path';
import type { Logger } from 'pino';
import { readTokens } from './access/tokens.ts';
import { backtest, type BacktestRequest } from './backtest-command.ts';
import type { BacktestReport } from './backtest-report.ts';
import type { BacktestProgress } from './backtest.ts';
import type { Config } from './config.ts';
import { holdDirectory } from './event-log/directory-hold.ts';
import { HealthRoute } from './health-route.ts';
import { keepTrying } from './keep-trying.ts';
import { replay, type ReplayProgress, type ReplayRequest, type ReplayResult } from './replay.ts';
import { startEmbeddedStore } from './store/embedded-server.ts';
import { collect } from './wire-collect.ts';
import { type Running, endAtOnce, followRegistry, inOrder, startEventLog, startRegistry } from './wire-common.ts';
import { detect } from './wire-detect.ts';

/** Collect and detect in one process on one log: a batch that is durable goes on in memory. */
export async function startPipeline(config: Config, log: Logger): Promise<Running> {
  const letGo = await keepTrying('data', () => holdDirectory(config.dataDir), log);
  const eventLog = await startEventLog(config, log);
  const registry = await startRegistry(config, eventLog, log);
  const detection = await detect(config, log, eventLog, registry);
  const collection = await collect(config, log, eventLog, registry);
  await detection.schema;
  return {
    where: collection.where,
    stop: () =>
      inOrder(
        collection.stop,
        detection.stop,
        () => registry.stop(),
        () => eventLog.stop(),
        letGo,
      ),
  };
}

export async function startCollect(config: Config, log: Logger): Promise<Running> {
  const eventLog = await startEventLog(config, log);
  const registry = await startRegistry(config, eventLog, log);
  const collection = await collect(config, log, eventLog, registry);
  return {
    where: collection.where,
    stop: () =>
      inOrder(
        collection.stop,
        () => registry.stop(),
        () => eventLog.stop(),
      ),
  };
}

export async function startDetect(config: Config, log: Logger): Promise<Running> {
  const eventLog = await startEventLog(config, log);
  const registry = await startRegistry(config, eventLog, log);
  const detection = await detect(config, log, eventLog, registry);
  const health = new HealthRoute({ host: config.host, port: config.detectPort, health: () => detection.health() });
  await keepTrying('health', () => health.start(), log);
  await detection.schema;
  return {
    where: `health on ${config.host}:${config.detectPort}`,
    stop: () =>
      inOrder(
        () => health.stop(),
        detection.stop,
        () => registry.stop(),
        () => eventLog.stop(),
      ),
  };
}

export async function startStore(config: Config, log: Logger): Promise<Running> {
  const { store: password } = await readTokens(config);
  const start = () =>
    startEmbeddedStore({
      dataDir: join(config.dataDir, 'store'),
      port: config.storePort,
      password,
      maxMemoryBytes: config.storeMemoryMb * 1e6,
      onFault: (error) => endAtOnce(log, error),
    });
  const store = await keepTrying('store', start, log);
  return { where: `ClickHouse HTTP on ${store.url}`, stop: () => store.stop() };
}

/** Judges the past again on what the store has: nothing is written. */
export async function runBacktest(
  config: Config,
  log: Logger,
  request: BacktestRequest,
  onProgress: (progress: BacktestProgress) => void,
): Promise<BacktestReport> {
  const eventLog = await startEventLog(config, log);
  const registry = await followRegistry(config, eventLog, log);
  try {
    return await backtest(request, { config, eventLog, registry: registry.current() }, onProgress);
  } finally {
    await registry.stop();
    await eventLog.stop();
  }
}

/** Closes a gap of the coverage ledger. */
export async function runReplay(
  config: Config,
  log: Logger,
  request: ReplayRequest,
  onProgress: (progress: ReplayProgress) => void,
): Promise<ReplayResult> {
  const eventLog = await startEventLog(config, log);
  const registry = await followRegistry(config, eventLog, log);
  try {
    return await replay(request, { config, eventLog, registry: registry.current() }, onProgress);
  } finally {
    await registry.stop();
    await eventLog.stop();
  }
}
