import { html, Html, type Part } from '../html/html.ts';
import type { Bilingual } from '../finding/finding.ts';
import { localTime } from '../incident/known-fields.ts';
import { incidentBody } from '../incident/report-html.ts';
import { KINDS } from './report-kinds.ts';
import type { ReportState, ReportStep } from './report-steps.ts';
import type { Basis, Block, Cell, ReportContent, Section } from './report.ts';
import { cssText, styleOf } from './report-style.ts';
import { ACT_WORDS, FRAME_WORDS, STEP_WORDS, type ReportLanguage } from './report-words.ts';

/** What stands beside the content: how far it is signed off. */
export interface ReportFrame {
  id: string;
  version: number;
  digest: string;
  state: ReportState;
  /** Of this version, in order. */
  steps: readonly ReportStep[];
}

/**
 * A report as one file that needs no other and runs nothing, for print on A4. The same content in the same state gives the same
 * bytes; the times and persons of the sign-off are the only stamp.
 */
export function reportPage(content: ReportContent, frame: ReportFrame, language: ReportLanguage): string {
  const words = new Words(language, content.wish.timeZone);
  const { title } = KINDS[content.wish.kind];
  const w = FRAME_WORDS;
  const [before, between, after] = w.page[language];
  const page = `${cssText(before)} counter(page) ${cssText(between)} counter(pages) ${cssText(after)}`;
  const head = `${words.say(title)} · ${shortened(words.say(content.subject))} · ${frame.digest.slice(0, 12)}`;
  return html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${words.say(title)} · ${words.say(content.subject)}</title>
        <style>
          ${new Html(styleOf(cssText(head), page))}
        </style>
      </head>
      <body>
        ${headOf(content, frame, words)} ${content.sections.map((section) => sectionOf(section, words))}
        ${content.incident === null ? '' : incidentBody(content.incident, { language, timeZone: words.timeZone })}
        ${signOffOf(content, frame, words)}
      </body>
    </html> `.text;
}

const MOST_IN_HEAD = 40;
const MOST_UPRIGHT = 7;
function shortened(text: string): string {
  return text.length > MOST_IN_HEAD ? `${text.slice(0, MOST_IN_HEAD)}…` : text;
}

/** Texts and times in one language and zone. */
class Words {
  readonly language: ReportLanguage;
  readonly timeZone: string;
  readonly #numbers: Intl.NumberFormat;
  constructor(language: ReportLanguage, timeZone: string) {
    this.language = language;
    this.timeZone = timeZone;
    this.#numbers = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { maximumFractionDigits: 2 });
  }
  say(text: Bilingual): string {
    return text[this.language];
  }
  at(time: number): string {
    return localTime(time, this.timeZone);
  }
  /** Of a time that begins a day. */
  day(at: number): string | undefined {
    const [day, time] = this.at(at).split(' ');
    return time === '00:00:00' ? day : undefined;
  }
  /** Of an end with which a day is over. */
  lastDay(at: number): string | undefined {
    return this.day(at) && this.at(at - 1).split(' ')[0];
  }
  number(value: number): string {
    return this.#numbers.format(value);
  }
}

function headOf({ wish, subject, scope, registry, trial }: ReportContent, frame: ReportFrame, words: Words): Html {
  const w = FRAME_WORDS;
  const kind = KINDS[wish.kind];
  const say = (text: Bilingual): string => words.say(text);
  return html`<header>
      <p class="kind">${say(w.report)} · ${say(STEP_WORDS[frame.state]!)}</p>
      <h1>${say(kind.title)}</h1>
      <p>${say(kind.about)}</p>
      ${trial ? html`<p class="banner">${say(w.trial)}</p>` : ''}
    </header>
    <dl>
      ${row(say(w.subject), `${say(subject)}${wish.subject.id === '' ? '' : ` (${wish.subject.id})`}`)}
      ${row(say(w.span), `${words.at(wish.from)} – ${words.at(wish.to)} (${words.timeZone})`)}
      ${row(say(w.asOf), words.at(wish.to))}
      ${row(
        say(w.law),
        kind.law.map((law) => html`${say(law)}<br />`),
      )}
      ${row(say(w.scope), scopeText(scope, words))} ${row(say(w.registry), html`<code>${registry}</code>`)}
      ${row(say(w.version), frame.version)} ${row(say(w.digest), html`<code>${frame.digest}</code>`)}
    </dl>
    <p class="note">${say(w.masked)}</p>`;
}

function scopeText(scope: ReportContent['scope'], words: Words): string {
  if (scope === null) return words.say(FRAME_WORDS.everything);
  const { departments, vendors } = scope;
  const listed = (title: Bilingual, ids: readonly string[]) =>
    ids.length === 0 ? [] : [`${words.say(title)}: ${ids.join(', ')}`];
  return [...listed(FRAME_WORDS.departments, departments), ...listed(FRAME_WORDS.vendors, vendors)].join('; ');
}

function row(name: string, value: Part): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function sectionOf({ title, basis, blocks }: Section, words: Words): Html {
  // Paper has more room across.
  const isWide = blocks.some(
    (block) => block.is === 'table' && block.columns.length > MOST_UPRIGHT && block.rows.length > 0,
  );
  return html`<section class="${isWide ? 'wide' : 'upright'}">
    <h2>${words.say(title)}</h2>
    ${basis.length === 0 ? '' : html`<p class="basis">${words.say(FRAME_WORDS.source)}: ${basis.map((one) => basisText(one, words)).join('; ')}</p>`}
    ${blocks.map((block) => blockOf(block, words))}
  </section>`;
}

function basisText({ what, from, to, asOf }: Basis, words: Words): string {
  const begin = from === 0 ? '…' : from === null ? '' : words.at(from);
  const span = from === null || to === null ? '' : `, ${begin} – ${words.at(to)}`;
  const known = words.language === 'zh' ? `，截至 ${words.at(asOf)}` : `, as of ${words.at(asOf)}`;
  return `${words.say(what)}${span}${from === null ? known : ''}`;
}

function blockOf(block: Block, words: Words): Html {
  switch (block.is) {
    case 'facts':
      return html`<dl>${block.rows.map(({ name, value }) => row(words.say(name), cellOf(value, words)))}</dl>`;
    case 'note':
      return html`<p class="note">${words.say(block.text)}</p>`;
    case 'holes':
      return holesBlock(block, words);
    case 'table':
      return tableOf(block, words);
  }
}

function holesBlock({ holes }: Extract<Block, { is: 'holes' }>, words: Words): Html {
  const w = FRAME_WORDS;
  if (holes.length === 0) return html`<p>${words.say(w.noHoles)}</p>`;
  return html`<h3>${words.say(w.holes)} (${holes.length})</h3>
    <ul class="holes">
      ${holes.map(({ hole, text, about }) => html`<li data-hole="${hole}"><b>${words.say(about)}</b>: ${words.say(text)}</li>`)}
    </ul>`;
}

function tableOf({ title, columns, rows, left }: Extract<Block, { is: 'table' }>, words: Words): Html {
  const w = FRAME_WORDS;
  if (rows.length === 0)
    return html`<h3>${words.say(title)}</h3>
      <p>${words.say(w.noRows)}</p>`;
  const isNumber = columns.map((_, n) => rows.every((cells) => typeof cells[n] === 'number' || cells[n] === null));
  return html`<h3>${words.say(title)}</h3>
    <table>
      <thead>
        <tr>
          ${columns.map((column, n) => html`<th scope="col" class="${isNumber[n] ? 'number' : 'text'}">${words.say(column)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, n) => html`<td class="${isNumber[n] ? 'number' : 'text'}">${cellOf(cell, words)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${left === 0 ? '' : html`<p class="note">${words.say(w.left)}: ${words.number(left)}</p>`}`;
}

/** What is not known is said. */
function cellOf(cell: Cell, words: Words): Part {
  if (cell === null) return html`<span class="unknown">${words.say(FRAME_WORDS.unknown)}</span>`;
  if (typeof cell === 'number') return words.number(cell);
  if ('at' in cell) return timeOf(cell.at, words);
  if ('from' in cell) return words.day(cell.from) ?? timeOf(cell.from, words);
  if ('until' in cell) return words.lastDay(cell.until) ?? timeOf(cell.until, words);
  if ('share' in cell) return `${words.number(cell.share * 100)} %`;
  if ('list' in cell) return cell.list.map((one) => words.say(one)).join(words.language === 'zh' ? '、' : ', ');
  return words.say(cell);
}

/** May break between the day and the time. */
function timeOf(at: number, words: Words): Html {
  const [day = '', ...time] = words.at(at).split(' ');
  return html`<span class="time">${day}</span> <span class="time">${time.join(' ')}</span>`;
}

/** Who made it, reviewed it and signed it, each bound to the digest; the last page. */
function signOffOf({ trial }: ReportContent, { id, digest, steps, state }: ReportFrame, words: Words): Html {
  const w = FRAME_WORDS;
  const say = (text: Bilingual): string => words.say(text);
  return html`<section class="signed" id="sign-off">
    <h2>${say(w.signOff)}</h2>
    ${trial ? html`<p class="banner">${say(w.trial)}</p>` : ''}
    <dl>
      ${row(say(w.state), say(STEP_WORDS[state]!))} ${row(say(w.digest), html`<code>${digest}</code>`)}
      ${row(say(w.id), html`<code>${id}</code>`)}
    </dl>
    <table>
      <thead>
        <tr>
          ${[w.step, w.who, w.time, w.why, w.boundTo].map((one) => html`<th scope="col">${say(one)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${steps.map(
          (step) =>
            html`<tr>
              <td>${say(ACT_WORDS[step.act]!)}</td>
              <td>${step.by}</td>
              <td>${words.at(step.at)}</td>
              <td>${noteOf(step, words)}</td>
              <td><code>${step.digest.slice(0, 16)}…</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function noteOf(step: ReportStep, words: Words): string {
  if (step.text !== '') return step.text;
  return words.say(step.schedule === '' ? FRAME_WORDS.none : FRAME_WORDS.bySchedule);
}
