import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifier, literal, parametersOf, settingsOf } from '../../src/store/request-settings.ts';
import { SqlTokens, type TokenKind } from '../../src/store/sql-tokens.ts';

function isOneToken(text: string, kind: TokenKind): boolean {
  const tokens = new SqlTokens(text);
  return tokens.next() && tokens.kind === kind && tokens.end === text.length;
}

describe('parameters of a request', () => {
  it('are those that the statement names, outside of strings and comments', () => {
    const given = new URLSearchParams({ param_a: '1', param_b: "x'", param_unused: 'y' });
    expect(parametersOf("SELECT {a:UInt8}, '{c:String}' /* {d:X} */, { b : String }", given)).toEqual(
      new Map([
        ['a', '1'],
        ['b', "x'"],
      ]),
    );
  });

  it('that are missing are an error, not the value of an earlier request', () => {
    expect(() => parametersOf('SELECT {a:UInt8}', new URLSearchParams())).toThrow(
      'Code: 456. DB::Exception: Substitution `a` is not set. (UNKNOWN_QUERY_PARAMETER)',
    );
  });

  it('become one string or identifier token, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        return (
          isOneToken(literal(text), 'string') && isOneToken(identifier(text), 'quoted') && !literal(text).includes('\0')
        );
      }),
    );
  });
});

describe('settings of a request', () => {
  it('are taken from a fixed list; parameters of the HTTP interface are none', () => {
    const url = new URLSearchParams('query=SELECT&database=d&param_x=1&wait_end_of_query=1&max_threads=1');
    expect([...settingsOf(url)]).toEqual([['max_threads', '1']]);
  });

  it('beyond the list are refused', () => {
    expect(() => settingsOf(new URLSearchParams('format_schema=/etc/passwd'))).toThrow('SETTING_CONSTRAINT_VIOLATION');
  });
});
