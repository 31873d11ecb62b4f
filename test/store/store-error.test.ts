import { parseError } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import { faultOf, StoreError } from '../../src/store/store-error.ts';

describe('an error of the store', () => {
  it.each([
    [new StoreError('SYNTAX_ERROR', 'Empty query'), 400, 62, 'SYNTAX_ERROR'],
    [new StoreError('AUTHENTICATION_FAILED', 'no'), 403, 516, 'AUTHENTICATION_FAILED'],
    [new Error('Code: 60. DB::Exception: Unknown table t. (UNKNOWN_TABLE)'), 404, 60, 'UNKNOWN_TABLE'],
    [new Error('Code: 159. DB::Exception: Timeout. (TIMEOUT_EXCEEDED)'), 408, 159, 'TIMEOUT_EXCEEDED'],
    [new Error('unexpected end of file'), 500, 1002, 'UNKNOWN_EXCEPTION'],
  ])('%s is answered as ClickHouse does, and its client reads it', (error, status, code, type) => {
    const fault = faultOf(error);
    expect(fault).toMatchObject({ status, code });
    expect(parseError(fault.text)).toMatchObject({ code: String(code), type });
  });
});
