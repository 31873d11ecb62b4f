import type { Event } from '../event/event.ts';
import type { Detector, StepContext } from './detector.ts';
import { inForce, inOrder, settingsWith, type SettingsScope, type SettingsVersion } from './settings-versions.ts';

const NOTHING = '';

/** All versions of settings that were ever made, by detector. */
export class SettingsBook {
  #byDetector: ReadonlyMap<string, readonly SettingsVersion[]> = new Map();
  /** Grows with each change. */
  revision = 0;

  replace(versions: readonly SettingsVersion[]): void {
    this.#byDetector = Map.groupBy(inOrder(versions), ({ detector }) => detector);
    this.revision++;
  }

  versionsOf(detector: string): readonly SettingsVersion[] {
    return this.#byDetector.get(detector) ?? [];
  }
}

/**
 * The contexts of a detector whose settings have versions: for an event, the settings of the most specific scope in force at
 * its ingest time. Between two changes each combination of scopes is worked out once.
 */
export class ScopedContexts {
  readonly #detector: Detector;
  readonly #configured: unknown;
  readonly #base: StepContext<unknown>;
  readonly #versions: readonly SettingsVersion[];
  #from = Infinity;
  #until = -Infinity;
  #active: readonly SettingsVersion[] = [];
  /** Vendors, departments and asset levels that a scope in force names; no other value makes a difference. */
  #named = { vendor: new Set<string>(), department: new Set<string>(), assetLevel: new Set<string>() };
  readonly #contexts = new Map<string, StepContext<unknown>>();

  /** @param configured the detector's settings of the configuration. @param base the context without any version. */
  constructor(
    detector: Detector,
    configured: unknown,
    base: StepContext<unknown>,
    versions: readonly SettingsVersion[],
  ) {
    this.#detector = detector;
    this.#configured = configured;
    this.#base = base;
    this.#versions = versions;
  }

  /** @param clock ingest time made monotone, ms. */
  contextFor(event: Event, clock: number): StepContext<unknown> {
    if (clock < this.#from || clock >= this.#until) this.#moveTo(clock);
    if (this.#active.length === 0) return this.#base;
    const { vendor, department, assetLevel } = this.#named;
    const own = {
      vendor: vendor.has(event.vendor) ? event.vendor : NOTHING,
      department: department.has(event.department) ? event.department : NOTHING,
      assetLevel: assetLevel.has(event.assetLevel) ? event.assetLevel : NOTHING,
    };
    const key = `${own.vendor}\u001f${own.department}\u001f${own.assetLevel}`;
    let context = this.#contexts.get(key);
    if (context === undefined) {
      context = { ...this.#base, settings: this.#settingsOf(own) };
      this.#contexts.set(key, context);
    }
    context.registry = this.#base.registry;
    return context;
  }

  #moveTo(clock: number): void {
    this.#from = -Infinity;
    this.#until = Infinity;
    for (const { effectiveFrom } of this.#versions)
      if (effectiveFrom <= clock) this.#from = Math.max(this.#from, effectiveFrom);
      else this.#until = Math.min(this.#until, effectiveFrom);
    this.#active = inForce(this.#versions, clock);
    const named = (field: keyof SettingsScope) => new Set(this.#active.flatMap(({ scope }) => scope[field] ?? []));
    this.#named = { vendor: named('vendor'), department: named('department'), assetLevel: named('assetLevel') };
    this.#contexts.clear();
  }

  /** Layer upon layer; one that does not go together with those below it is left out. */
  #settingsOf(own: Readonly<Record<keyof SettingsScope, string>>): unknown {
    let changes: object = {};
    let settings = this.#base.settings;
    for (const { scope, settings: layer } of this.#active) {
      if (!fits(scope, own)) continue;
      const next = { ...changes, ...layer };
      try {
        settings = settingsWith(this.#detector, this.#configured, next);
        changes = next;
      } catch {
        continue;
      }
    }
    return settings;
  }
}

function fits(scope: SettingsScope, own: Readonly<Record<keyof SettingsScope, string>>): boolean {
  return (['vendor', 'department', 'assetLevel'] as const).every(
    (field) => scope[field] === undefined || scope[field] === own[field],
  );
}
