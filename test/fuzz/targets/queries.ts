import { parse } from 'node:querystring';
import fc from 'fast-check';
import { checked } from '../../../src/api/answers.ts';
import { filterOf, SEARCHES } from '../../../src/api/finding-search.ts';
import { WanglouError } from '../../../src/errors.ts';
import { subscriptionOf } from '../../../src/feed/subscription.ts';
import { resumeSchema } from '../../../src/feed/protocol.ts';
import { wordsOf } from '../../../src/finding/finding-filter.ts';
import { suppressionRequest } from '../../../src/finding/suppression.ts';
import { settingsScope } from '../../../src/detection/settings-versions.ts';
import { parseTokenFile } from '../../../src/access/tokens.ts';
import { readCursor } from '../../../src/store/cursor.ts';
import { likePattern } from '../../../src/store/queries.ts';
import { jsonObjects } from '../json-inputs.ts';
import { must, refusing, type Target } from '../target.ts';

const isRefusal = (error: unknown): boolean => error instanceof WanglouError;

/** Query strings of these names. */
function queryStrings(names: readonly string[]): fc.Arbitrary<Buffer> {
  const name = fc.constantFrom(...names, '__proto__', 'constructor', '');
  const value = fc.oneof(
    fc.constantFrom(
      '@me',
      '@none',
      'low,high',
      'new',
      '1',
      '-1',
      '1e9',
      '2026-11-20T10:00:00+08:00',
      '9'.repeat(30),
      ',',
    ),
    fc.string({ maxLength: 60, unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
  );
  return fc
    .array(fc.tuple(name, value), { maxLength: 8 })
    .map((pairs) => Buffer.from(pairs.map(([key, text]) => `${key}=${text}`).join('&')));
}

const texts = (...all: string[]): Buffer[] => all.map((text) => Buffer.from(text));

/** What the queue of findings is asked, with its cursors. */
export function findingSearchTarget(): Target {
  return {
    corpus: texts(
      'severity=high,critical&status=new&assignee=@me&vendor=acme&from=2026-11-20T00:00:00%2B08:00&limit=50',
      'ids=01234567-89ab-cdef-0123-456789abcdef,01234567-89ab-cdef-0123-456789abcdee&text=wang%20li&suppressed=only',
      'by=vendor&incident=@none&cursor=1763604000000-01234567-89ab-cdef-0123-456789abcdef',
    ),
    structured: queryStrings([...Object.keys(SEARCHES.page.shape), 'by']),
    start: () => ({
      take(input) {
        const query = parse(input.toString());
        for (const schema of Object.values(SEARCHES)) {
          const { data } = schema.safeParse(query);
          if (data === undefined) continue;
          const filter = filterOf(data, 'wang');
          wordsOf(filter.text ?? '');
          likePattern(filter.text ?? '');
          must(filter.from === undefined || Number.isFinite(filter.from), 'no time came out');
        }
        refusing(isRefusal, () => {
          const { cursorId = '' } = readCursor(String(query['cursor'] ?? input));
          must(/^[0-9a-f-]*$/.test(cursorId), 'a cursor holds something else');
        });
      },
    }),
  };
}

/** What a client of the live feed asks for. */
export function subscriptionTarget(): Target {
  return {
    corpus: texts(
      'topics=findings,posture&severity=high&department=tax&vendor=acme,other&detector=brute-force&status=new',
      'topics=counters&epoch=abc&after=17&system=a&system=b',
    ),
    structured: queryStrings([
      'topics',
      'severity',
      'department',
      'vendor',
      'system',
      'detector',
      'status',
      'epoch',
      'after',
    ]),
    start: () => ({
      take(input) {
        const query = parse(input.toString());
        refusing(isRefusal, () => {
          const { topics, key } = subscriptionOf(query, ['brute-force']);
          must(topics.size <= 6 && key.length <= 16, 'a subscription that is no subscription');
        });
        resumeSchema.safeParse(query);
      },
    }),
  };
}

/** What people state to suppress findings, to change settings, and the file of tokens. */
export function decisionsTarget(): Target {
  return {
    corpus: texts(
      '{"scope":{"detector":"brute-force","actor":"wang"},"reason":"known","days":7}',
      '{"scope":{"vendor":"acme","assetLevel":"core"},"reason":"x","days":0.5}',
      '# tokens\nwl_aaaaaaaa portal # one\nwl_bbbbbbbb\n',
    ),
    structured: jsonObjects([
      'scope',
      'reason',
      'days',
      'detector',
      'actor',
      'asset',
      'department',
      'vendor',
      'assetLevel',
    ]),
    start: () => ({
      take(input) {
        for (const { token } of parseTokenFile(input.toString())) must(token !== '', 'a token that is empty');
        const stated = jsonOf(input);
        refusing(isRefusal, () => {
          const { days } = checked(suppressionRequest, stated, 'WL_BODY_INVALID');
          must(days > 0 && days <= 365, 'a suppression without end');
        });
        refusing(isRefusal, () => {
          checked(settingsScope, (stated as { scope?: unknown } | undefined)?.scope, 'WL_BODY_INVALID');
        });
      },
    }),
  };
}

function jsonOf(input: Buffer): unknown {
  try {
    return JSON.parse(input.toString()) ?? undefined;
  } catch {
    return undefined;
  }
}
