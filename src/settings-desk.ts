import { randomUUID } from 'node:crypto';
import type { Detector } from './detection/detector.ts';
import {
  detectorNamed,
  inForce,
  inOrder,
  settingsScope,
  settingsWith,
  type SettingsScope,
  type SettingsVersion,
} from './detection/settings-versions.ts';
import { WanglouError } from './errors.ts';
import type { KeyedTable } from './event-log/event-log.ts';
import { TAKES_EFFECT_AFTER_MS } from './event-log/table-follower.ts';

/** What a person asks for. */
export interface SettingsRequest {
  detector: string;
  scope: SettingsScope;
  settings: Record<string, unknown> | null;
  why: string;
  /** Ingest time, ms; as soon as every program knows it when absent. */
  effectiveFrom?: number | undefined;
}

export interface NumberedVersion extends SettingsVersion {
  /** Of the detector, in the order in which they take effect, from 1 on. */
  version: number;
}

/** Where settings of detectors are changed for a scope. Versions are kept in a table of the event log. */
export class SettingsDesk {
  /** What a scope may state. */
  readonly scope = settingsScope;
  readonly #table: KeyedTable;
  readonly #detectors: readonly Detector[];
  readonly #configured: Readonly<Record<string, unknown>>;
  readonly #now: () => number;

  /** @param configured settings by detector name of the configuration. */
  constructor(
    table: KeyedTable,
    detectors: readonly Detector[],
    configured: Readonly<Record<string, unknown>>,
    now: () => number = Date.now,
  ) {
    this.#table = table;
    this.#detectors = detectors;
    this.#configured = configured;
    this.#now = now;
  }

  /** Every version that was ever made, by detector and in the order in which they take effect. */
  async list(): Promise<NumberedVersion[]> {
    const all: SettingsVersion[] = [];
    for await (const [, value] of this.#table.entries())
      all.push(JSON.parse(Buffer.from(value).toString()) as SettingsVersion);
    return this.#detectors.flatMap(({ name }) =>
      inOrder(all.filter(({ detector }) => detector === name)).map((one, n) => ({ ...one, version: n + 1 })),
    );
  }

  /** The overrides that hold now, by detector, the least specific first. */
  async inForce(): Promise<NumberedVersion[]> {
    const all = Map.groupBy(await this.list(), ({ detector }) => detector);
    return [...all.values()].flatMap((versions) => inForce(versions, this.#now()));
  }

  /**
   * Takes effect at a moment of ingest time that is the same for every program.
   * @throws WanglouError WL_SETTINGS_INVALID
   */
  async change(request: SettingsRequest, by: string): Promise<SettingsVersion> {
    const detector = detectorNamed(this.#detectors, request.detector);
    if (request.settings !== null) settingsWith(detector, this.#configured[detector.name], request.settings);
    const at = this.#now();
    const soonest = at + TAKES_EFFECT_AFTER_MS;
    const effectiveFrom = request.effectiveFrom ?? soonest;
    if (effectiveFrom < soonest)
      throw new WanglouError(
        'WL_SETTINGS_INVALID',
        `effectiveFrom is ${new Date(effectiveFrom).toISOString()}: too soon`,
        {
          remedy: `What was judged stays as it was: leave it out, or give a time after ${new Date(soonest).toISOString()}.`,
        },
      );
    const version: SettingsVersion = { ...request, effectiveFrom, id: randomUUID(), by, at };
    await this.#table.put([[version.id, Buffer.from(JSON.stringify(version))]]);
    return version;
  }
}
