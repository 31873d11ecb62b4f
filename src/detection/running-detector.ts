import type { Baselines, Detector, StepContext } from './detector.ts';
import { ScopedContexts, type SettingsBook } from './scoped-contexts.ts';
import type { SettingsByDetector } from './settings-versions.ts';
import type { Registry } from '../registry/registry.ts';

/** A detector with its settings, ready to step. */
export interface RunningDetector {
  detector: Detector;
  /** Shared by all steps; the registry in it is replaced when the registry changes. */
  context: StepContext<unknown>;
  /** Set only while the detector's settings have versions: then each event has its own context. */
  scoped: ScopedContexts | undefined;
}

export interface RunOptions {
  /** Settings by detector name; missing ones take their defaults. */
  settings: Readonly<Record<string, unknown>>;
  registry: Registry;
  baseline: Baselines;
}

/** @throws ZodError when a detector's settings do not fit its schema. */
export function running(detectors: readonly Detector[], options: RunOptions): RunningDetector[] {
  return detectors.map((detector) => ({
    detector,
    context: {
      settings: detector.settings.parse(options.settings[detector.name] ?? {}),
      registry: options.registry,
      baseline: options.baseline,
    },
    scoped: undefined,
  }));
}

/** Gives each detector the versions that its settings have now. */
export function applyVersions(
  detectors: readonly RunningDetector[],
  book: SettingsBook,
  configured: SettingsByDetector,
) {
  for (const one of detectors) {
    const { detector, context } = one;
    const versions = book.versionsOf(detector.name);
    one.scoped =
      versions.length === 0 ? undefined : new ScopedContexts(detector, configured[detector.name], context, versions);
  }
}
