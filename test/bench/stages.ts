import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
  /** By the monotonic clock, µs. */
  startTime: number;
}

/** Stages of an event's way by where the code lies; the first that fits counts. */
const STAGES: readonly [stage: string, pattern: RegExp][] = [
  ['parse', /src\/event\/(?:parse|id|event)\.ts|src\/event\/formats\//],
  ['encode batches and blocks', /src\/event\//],
  ['collect', /src\/collectors\//],
  ['append', /src\/event-log\/|node_modules\/(?:lmdb|kafkajs|lz4-napi)\//],
  ['enrich', /src\/registry\/|src\/detection\/enrichment\.ts/],
  ['sift and order', /src\/detection\/(?:pipeline|partition-intake|ordered-merge|duplicates|source-lag|engine)\.ts/],
  ['checkpoint', /src\/detection\/(?:checkpoint|state-codec)\.ts/],
  ['detect', /src\/(?:detection|finding)\/|\/detectors\//],
  ['insert', /src\/store\/|node_modules\/(?:@clickhouse|chdb)\//],
];

/**
 * µs an event of the programs' JavaScript threads, by stage, from the profiles of a folder. Time of Node's own functions
 * counts for the stage that called them. Samples tell time, not CPU: on a busy machine, waiting for a core counts too.
 * @param sinceMicros when the load began, by the monotonic clock: what the start of the programs takes is left out.
 */
export function stagesOf(folder: string, events: number, sinceMicros: number): Record<string, number> {
  const micros = new Map<string, number>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile;
    const stages = stagesById(profile);
    let at = profile.startTime;
    profile.samples.forEach((id, i) => {
      at += profile.timeDeltas[i]!;
      if (at < sinceMicros) return;
      const stage = stages.get(id)!;
      micros.set(stage, (micros.get(stage) ?? 0) + Math.max(0, profile.timeDeltas[i]!));
    });
  }
  micros.delete('idle');
  const rows = [...micros].map(([stage, sum]): [string, number] => [stage, Math.round((sum / events) * 100) / 100]);
  return Object.fromEntries(rows.filter(([, each]) => each >= 0.01).sort(([, a], [, b]) => b - a));
}

function stagesById({ nodes }: Profile): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stages = new Map<number, string>();
  const visit = (id: number, inherited: string): void => {
    const { callFrame, children = [] } = byId.get(id)!;
    const stage = stageOf(callFrame.functionName, callFrame.url) ?? inherited;
    stages.set(id, stage);
    for (const child of children) visit(child, stage);
  };
  visit(nodes[0]!.id, 'Node itself');
  return stages;
}

function stageOf(functionName: string, url: string): string | undefined {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(idle)') return 'idle';
  return STAGES.find(([, pattern]) => pattern.test(url))?.[0];
}
