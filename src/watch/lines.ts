import { styleText } from 'node:util';
import type { FeedFinding, FeedHealth } from '../feed/protocol.ts';
import type { Severity } from '../finding/finding.ts';
import { harmless } from './harmless.ts';
import type { News } from './news.ts';
import { WORDING, type Language } from './wording.ts';

const COLORS = { critical: 'magenta', high: 'red', medium: 'yellow', low: 'gray' } as const;

export interface LineStyle {
  language: Language;
  /** IANA zone of the times. */
  timeZone: string;
  colors: boolean;
}

/** @returns the line for a terminal, or undefined for what only scripts want. */
export function lineOf(news: News, style: LineStyle): string | undefined {
  const { language, timeZone } = style;
  const words = WORDING[language];
  const time = (at: number): string => clock(at, timeZone);
  switch (news.type) {
    case 'finding': {
      const { finding, what } = news;
      if (what === 'grew') return undefined;
      const of = [finding.actor, finding.vendor, finding.department, finding.detector].filter(Boolean).join(' · ');
      const text = `${finding.title[language]}: ${finding.explanation[language]} [${of}] ${finding.id}`;
      const [at, done] = what === 'raised' ? [finding.raisedAt, ''] : handled(finding, language);
      return `${time(at)} ${severity(finding.severity, style)} ${harmless(done + text)}`;
    }
    case 'incident': {
      const { incident, what } = news;
      if (what === 'grew') return undefined;
      const text = `${incident.title[language]}: ${incident.explanation[language]} ${incident.id}`;
      return `${time(incident.causedAt)} ${severity(incident.severity, style)} ${words.incident}: ${harmless(text)}`;
    }
    case 'gone':
      return `${words.gone}: ${harmless(news.id)}`;
    case 'source': {
      const { source, name, problem, lastSeenAt } = news.source;
      return `${time(lastSeenAt)} ${harmless(name[language] || source)}: ${words.source[problem]}`;
    }
    case 'score': {
      const { kind, score, trust, at } = news.score;
      // Departments, systems and vendors move with it: scripts get them all.
      return kind === 'overall' ? `${time(at)} ${words.score(score, news.before, trust)}` : undefined;
    }
    case 'rate':
      return `${time(news.rate.at)} ${words.rate(news.rate.events, news.rate.unparsed, news.rate.findings)}`;
    case 'health':
      return healthLine(news.health, language);
  }
}

/** When it was done, and what. */
function handled({ life, raisedAt }: FeedFinding, language: Language): [number, string] {
  if (life === undefined) return [raisedAt, ''];
  const words = WORDING[language];
  const disposition = life.status === 'closed' && life.disposition !== '' ? words.disposition[life.disposition] : '';
  const parts = [words.status[life.status], disposition, words.by(life.changedBy)].filter(Boolean);
  return [life.changedAt, `(${parts.join(', ')}) `];
}

function healthLine({ state, problems, parked }: FeedHealth, language: Language): string {
  const words = WORDING[language];
  const reasons = [...problems, ...parked.map(({ detector, reason }) => `${detector}: ${reason}`)];
  return harmless([`${words.healthIs}: ${words.health[state]}`, ...reasons].join('; '));
}

function severity(of: Severity, { language, colors }: LineStyle): string {
  const text = `[${WORDING[language].severity[of]}]`;
  return colors ? styleText(COLORS[of], text, { validateStream: false }) : text;
}

function clock(at: number, timeZone: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { timeZone });
}
