import type { IncidentStep } from './incident.ts';

/** Steps that wait for company: by finding in the order in which they were taken, and of each detector by time. */
export class WaitingSteps {
  readonly #byFinding = new Map<string, IncidentStep>();
  readonly #byDetector = new Map<string, IncidentStep[]>();

  get size(): number {
    return this.#byFinding.size;
  }

  get(finding: string): IncidentStep | undefined {
    return this.#byFinding.get(finding);
  }

  /** In the order in which they were taken. */
  values(): MapIterator<IncidentStep> {
    return this.#byFinding.values();
  }

  /** Takes it as the newest; an earlier revision goes. */
  put(step: IncidentStep): void {
    this.delete(step.finding);
    this.#byFinding.set(step.finding, step);
    const steps = this.#byDetector.get(step.detector) ?? [];
    this.#byDetector.set(step.detector, steps);
    steps.splice(placeIn(steps, step), 0, step);
  }

  delete(finding: string): void {
    const step = this.#byFinding.get(finding);
    if (step === undefined) return;
    this.#byFinding.delete(finding);
    const steps = this.#byDetector.get(step.detector)!;
    steps.splice(placeIn(steps, step), 1);
  }

  /** Those of the detectors, the earliest first. */
  of(detectors: readonly string[]): IncidentStep[] {
    const lists = detectors.map((detector) => this.#byDetector.get(detector) ?? []).filter(({ length }) => length > 0);
    return lists.length < 2 ? (lists[0] ?? []).slice() : lists.flat().sort(byTime);
  }
}

export function byTime(a: IncidentStep, b: IncidentStep): number {
  return a.firstTime - b.firstTime || (a.finding < b.finding ? -1 : 1);
}

/** Index of the first that does not come before it. */
function placeIn(steps: readonly IncidentStep[], step: IncidentStep): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = steps[middle]!;
    if (other.finding !== step.finding && byTime(other, step) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
