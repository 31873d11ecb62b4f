import type { Baselines, Detector, StepContext } from './detector.ts';
import type { Registry } from '../registry/registry.ts';

/** A detector with its settings, ready to step. */
export interface RunningDetector {
  detector: Detector;
  /** Shared by all steps; the registry in it is replaced when the registry changes. */
  context: StepContext<unknown>;
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
  }));
}
