interface Step<T> {
  /** By the text of the segment. */
  fixed: Map<string, Step<T>>;
  /** `{id}`: any one segment. */
  any: Step<T> | undefined;
  entries: T[] | undefined;
}

/** Names with places for anything, `/api/v1/person/{id}`: one place is one segment between slashes. */
export class TemplateIndex<T> {
  readonly #root: Step<T> = newStep();

  static isTemplate(name: string): boolean {
    return /\{[^/{}]*\}/.test(name);
  }

  add(template: string, entry: T): void {
    let step = this.#root;
    for (const segment of template.toLowerCase().split('/')) {
      let next = TemplateIndex.isTemplate(segment) ? step.any : step.fixed.get(segment);
      if (next === undefined) {
        next = newStep();
        if (TemplateIndex.isTemplate(segment)) step.any = next;
        else step.fixed.set(segment, next);
      }
      step = next;
    }
    (step.entries ??= []).push(entry);
  }

  /** Entries of the template that fits; a fixed segment wins over a place. @param name in small letters. */
  find(name: string): readonly T[] | undefined {
    return found(this.#root, name.split('/'), 0);
  }
}

function newStep<T>(): Step<T> {
  return { fixed: new Map<string, Step<T>>(), any: undefined, entries: undefined };
}

function found<T>(step: Step<T>, segments: readonly string[], at: number): readonly T[] | undefined {
  if (at === segments.length) return step.entries;
  const segment = segments[at]!;
  const fixed = step.fixed.get(segment);
  const answer = fixed === undefined ? undefined : found(fixed, segments, at + 1);
  if (answer !== undefined || step.any === undefined || segment === '') return answer;
  return found(step.any, segments, at + 1);
}
