import type { z } from 'zod';
import { WanglouError } from '../errors.ts';

/** What is wrong with one setting; the page shows it beside its field. */
export interface SettingFault {
  field: string;
  value: unknown;
  remedy: string;
}

/** Settings that a detector does not take; nothing was changed. */
export class SettingsRefusal extends WanglouError {
  readonly faults: readonly SettingFault[];

  /** @param known names of the settings that there are; @param values what was refused. */
  constructor(detector: string, issues: readonly z.core.$ZodIssue[], known: readonly string[], values: object) {
    const [first] = issues;
    if (first?.code === 'unrecognized_keys')
      super('WL_SETTINGS_INVALID', `${detector} has no setting ${first.keys[0]!}`, {
        remedy: `Use ${known.join(', ')}.`,
      });
    else {
      const { field, value } = placeOf(first!, values);
      super('WL_SETTINGS_INVALID', `${detector}.${field} is ${JSON.stringify(value)}: ${first!.message}`);
    }
    this.faults = issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((field) => ({
            field,
            value: (values as Record<string, unknown>)[field],
            remedy: 'There is no such setting.',
          }))
        : [{ ...placeOf(issue, values), remedy: issue.message }],
    );
  }
}

function placeOf({ path }: z.core.$ZodIssue, values: object): { field: string; value: unknown } {
  const value = path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part], values);
  return { field: path.join('.'), value };
}
