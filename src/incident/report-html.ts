import { createHash } from 'node:crypto';
import type { Bilingual } from '../finding/finding.ts';
import type { LifeEvent } from '../finding/lifecycle.ts';
import { html, Html, type Part } from '../html/html.ts';
import { localTime } from './known-fields.ts';
import type { EvidenceEvent, IncidentFile } from './incident-file.ts';
import type { ReportEntry } from './report-entry.ts';
import { LEVEL_NAMES, REPORT_FIELDS } from './report-fields.ts';
import { REPORT_CODES, REPORT_WORDS, type ReportLanguage } from './report-words.ts';
import { STYLE } from './report-style.ts';

/**
 * The report of an incident as one file that needs no other and runs nothing, for print on A4. The same file gives the same
 * report but for the stamp.
 * @param at when it was made, ms. @param timeZone IANA name of the zone of all times in it.
 */
export function reportHtml(
  file: IncidentFile,
  made: { at: number; by: string; timeZone: string; language: ReportLanguage },
): string {
  const { language, timeZone } = made;
  const body = incidentBody(file, made).text;
  const words = REPORT_WORDS;
  const digest = createHash('sha256').update(body).digest('hex');
  const title = `${words.document[language]}：${file.incident.title[language]}`;
  const stamp = html`<footer>
    <p>${words.printed[language]} ${localTime(made.at, timeZone)} (${timeZone}) ${words.by[language]} ${made.by}</p>
    <p>${words.digest[language]}: <code>${digest}</code></p>
  </footer>`;
  return html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${new Html(body)} ${stamp}
      </body>
    </html> `.text;
}

/** Texts and times in one language and zone. */
class Words {
  readonly language: ReportLanguage;
  readonly timeZone: string;
  constructor(language: ReportLanguage, timeZone: string) {
    this.language = language;
    this.timeZone = timeZone;
  }
  say(text: Bilingual): string {
    return text[this.language];
  }
  code(code: string): string {
    return REPORT_CODES[code]?.[this.language] ?? code;
  }
  at(time: number): string {
    return localTime(time, this.timeZone);
  }
}

/** All of it but the frame and the stamp. */
export function incidentBody(
  file: IncidentFile,
  { language, timeZone }: { language: ReportLanguage; timeZone: string },
): Html {
  const words = new Words(language, timeZone);
  const { incident, evidence, decisions, report } = file;
  const w = REPORT_WORDS;
  const say = (text: Bilingual): string => words.say(text);
  return html`<header>
      <p class="kind">${say(w.document)} · ${words.code(incident.severity)}</p>
      <h1>${say(incident.title)}</h1>
      <p>${say(incident.explanation)}</p>
      <p class="id"><code>${incident.id}</code></p>
    </header>
    <dl>
      ${row(say(w.severity), words.code(incident.severity))} ${row(say(w.status), words.code(decisions.status))}
      ${row(say(w.period), `${words.at(incident.firstTime)} – ${words.at(incident.lastTime)} (${words.timeZone})`)}
      ${row(say(w.score), incident.score)} ${row(say(w.revision), incident.revision)}
      ${row(say(w.level), levelOf(file, words))} ${row(say(w.deadline), deadlineOf(file, words))}
    </dl>
    <h2>${say(w.lacking)}</h2>
    ${lackingOf(file, words)}
    <p class="note">${say(w.basis)}</p>
    <h2>${say(w.content)}</h2>
    <dl>
      ${REPORT_FIELDS.map((field) => {
        const stated = report.fields.find(({ name }) => name === field.name);
        const by = stated?.from === 'platform' ? say(w.platform) : (stated?.by ?? '');
        return stated === undefined || stated.from === ''
          ? row(say(field.label), say(w.empty))
          : html`<dt>${say(field.label)}</dt>
              <dd>${say(stated.value)} <small>${say(w.by)} ${by}</small></dd>`;
      })}
    </dl>
    <h2>${say(w.story)}</h2>
    <ol>
      ${incident.steps.slice(0, MOST_LISTED).map(
        (step) =>
          html`<li>
            <p>
              <b>${words.at(step.firstTime)} – ${words.at(step.lastTime)}</b> ${say(step.title)}
              <small>${step.detector}</small>
            </p>
            <p>${say(step.explanation)}</p>
            <p class="id"><code>${step.finding}</code></p>
          </li>`,
      )}
    </ol>
    ${leftOf(incident.steps, words)}
    <h2>${say(w.evidence)}</h2>
    <p class="note">${say(w.shown)}</p>
    ${evidence.events.length === 0 ? html`<p>${say(w.noEvents)}</p>` : evidence.events.slice(0, MOST_LISTED).map((event) => evidenceOf(event, words))}
    ${leftOf(evidence.events, words)}
    ${
      evidence.missing.length === 0
        ? ''
        : html`<p>${say(w.missing)}:</p>
            <p class="id">${evidence.missing.slice(0, MOST_LISTED).map((id) => html`<code>${id}</code> `)}</p>
            ${leftOf(evidence.missing, words)}`
    }
    <h2>${say(w.decisions)}</h2>
    ${listOf(
      decisions.events.filter(({ act }) => act !== 'raised'),
      words,
      say(w.noDecisions),
      (event) => decisionOf(event, words),
    )}
    <h2>${say(w.entries)}</h2>
    ${listOf(report.entries, words, say(w.noEntries), (entry) => entryOf(entry, words))}`;
}

function row(name: string, value: Part): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

/** Of each list: a book of a thousand pages nobody reads, and no browser prints it. */
const MOST_LISTED = 500;

function leftOf(all: readonly unknown[], words: Words): Html | '' {
  const left = all.length - MOST_LISTED;
  return left <= 0 ? '' : html`<p class="note">${words.say(REPORT_WORDS.left)}: ${left}</p>`;
}

function listOf<T>(list: readonly T[], words: Words, none: string, item: (one: T) => Html): Html {
  return list.length === 0
    ? html`<p>${none}</p>`
    : html`<ul>
          ${list.slice(0, MOST_LISTED).map((one) => html`<li>${item(one)}</li>`)}
        </ul>
        ${leftOf(list, words)}`;
}

function levelOf({ report: { clock } }: IncidentFile, words: Words): string {
  const level = words.say(LEVEL_NAMES[clock.level]);
  if (clock.confirmed === null) return `${level} (${words.say(REPORT_WORDS.assumed)})`;
  return `${level} (${words.say(REPORT_WORDS.confirmed)}: ${clock.confirmed.by}, ${words.at(clock.confirmed.at)})`;
}

function deadlineOf({ report: { clock } }: IncidentFile, words: Words): string {
  const w = REPORT_WORDS;
  if (clock.dueAt === 0) return words.say(w.noDeadline);
  const due = `${words.at(clock.dueAt)} (${clock.within})`;
  if (clock.sent === null) return due;
  const late = clock.sent.late ? `, ${words.say(w.lateNote)}` : '';
  return `${due}; ${words.say(w.sent)} ${words.at(clock.sent.at)}, ${clock.sent.by}${late}`;
}

function lackingOf({ report: { lacking } }: IncidentFile, words: Words): Html {
  const w = REPORT_WORDS;
  const labels = (names: readonly string[]): string =>
    names
      .map((name) => words.say(REPORT_FIELDS.find((field) => field.name === name)?.label ?? w.level))
      .join(words.language === 'zh' ? '、' : ', ');
  const colon = words.language === 'zh' ? '：' : ': ';
  if (lacking.first.length + lacking.later.length === 0) return html`<p>${words.say(w.complete)}</p>`;
  return html`<ul class="lacking">
    ${lacking.first.length === 0 ? '' : html`<li><b>${words.say(w.lackingFirst)}</b>${colon}${labels(lacking.first)}</li>`}
    ${lacking.later.length === 0 ? '' : html`<li>${words.say(w.lackingLater)}${colon}${labels(lacking.later)}</li>`}
  </ul>`;
}

function evidenceOf(event: EvidenceEvent, words: Words): Html {
  return html`<section class="line">
    <p><b>${words.at(event.time)}</b> ${event.source} <code>${event.id}</code></p>
    <pre>${event.raw}</pre>
    <p class="id">SHA-256 <code>${event.sha256}</code></p>
  </section>`;
}

function decisionOf(event: LifeEvent, words: Words): Html {
  const what = [words.code(event.act), event.assignee, event.disposition && words.code(event.disposition)];
  return html`${words.at(event.at)} ${event.by}: ${what.filter(Boolean).join(' ')} ${event.text}
    <code>${event.finding}</code>`;
}

function entryOf(entry: ReportEntry, words: Words): Html {
  const field = entry.act === 'stated' ? REPORT_FIELDS.find(({ name }) => name === entry.field) : undefined;
  const what =
    entry.act === 'classified'
      ? `${words.say(LEVEL_NAMES[entry.level])} (${entry.within})`
      : field === undefined
        ? ''
        : words.say(field.label);
  return html`${words.at(entry.at)} ${entry.by}: ${words.code(entry.act)} ${what} ${entry.text}`;
}
