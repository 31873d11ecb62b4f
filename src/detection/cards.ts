import { z } from 'zod';
import type { Correlation } from '../finding/correlations.ts';
import { severityOf, type Bilingual, type Citation, type Severity, type Technique } from '../finding/finding.ts';
import type { Detector } from './detector.ts';
import { familyOf, type Family } from './families.ts';
import { settingsWith } from './settings-versions.ts';

/** One setting of a detector, as JSON Schema states it. */
export interface SettingCard {
  /** The last word names the unit: `windowMs`, `idleDays`. */
  name: string;
  description: string;
  type: 'number' | 'integer' | 'string' | 'array' | 'boolean';
  /** Of the code. */
  default: unknown;
  /** Of the configuration file; the same as the default where it states nothing. */
  configured: unknown;
  minimum?: number;
  maximum?: number;
}

/** A detector, for people. */
export interface DetectorCard {
  name: string;
  version: number;
  family: Family;
  title: Bilingual;
  what: Bilingual;
  /** Whose state it keeps: `account`, `vendor`, … */
  subject: string;
  /** A finding's sentence with invented values. */
  example: Bilingual | null;
  techniques: readonly Technique[];
  cites: readonly Citation[];
  knownGaps: readonly Bilingual[];
  /** Severities of its lowest and highest base score; weights of level and vendor come on top. Null without a base score. */
  baseSeverity: readonly [Severity, Severity] | null;
  settings: readonly SettingCard[];
}

export type CorrelationCard = Pick<Correlation, 'name' | 'title' | 'between' | 'first' | 'then' | 'windowMs' | 'links'>;

/** @param configured settings by detector name of the configuration. */
export function cardsOf(detectors: readonly Detector[], configured: Readonly<Record<string, unknown>>): DetectorCard[] {
  return detectors.map((detector) => {
    const { name, version, title, what, subject, example, techniques, cites, knownGaps } = detector;
    const values = settingsWith(detector, configured[name], {}) as Record<string, unknown>;
    const settings = settingsOf(detector, values);
    return {
      ...{ name, version, title, what, techniques, cites, knownGaps, settings },
      family: familyOf(name) ?? 'data',
      subject: subject.name,
      example: example ?? null,
      baseSeverity: baseSeverityOf(settings),
    };
  });
}

export function correlationCards(correlations: readonly Correlation[]): CorrelationCard[] {
  return correlations.map(({ name, title, between, first, then, windowMs, links }) => ({
    ...{ name, title, between, first, then, windowMs, links },
  }));
}

function settingsOf(detector: Detector, configured: Readonly<Record<string, unknown>>): SettingCard[] {
  const { properties = {} } = z.toJSONSchema(detector.settings, { io: 'input' }) as {
    properties?: Record<string, Omit<SettingCard, 'name' | 'configured'>>;
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, type, default: standard, minimum, maximum } = property;
    return {
      ...{ name, description, type, default: standard, configured: configured[name] },
      ...(minimum !== undefined && { minimum }),
      ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && { maximum }),
    };
  });
}

function baseSeverityOf(settings: readonly SettingCard[]): DetectorCard['baseSeverity'] {
  const scores = settings
    .filter(({ name, configured }) => /^(score|base)$|(Score|Base)$/.test(name) && typeof configured === 'number')
    .map(({ configured }) => configured as number);
  return scores.length === 0 ? null : [severityOf(Math.min(...scores)), severityOf(Math.max(...scores))];
}
