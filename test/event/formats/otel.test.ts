import { describe, expect, it } from 'vitest';
import { attributes, iso, read } from './read.ts';

const record = {
  timeUnixNano: '1792463430123456789',
  severityNumber: 17,
  body: { stringValue: 'store is full' },
  attributes: [{ key: 'user.name', value: { stringValue: 'wang' } }],
};
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'ledger' } }] };
const expected = { format: 'otel', account: 'wang', service: 'ledger', message: 'store is full', severity: 4 };

describe('OpenTelemetry records in other hands', () => {
  it('are read out of an export request of one', () => {
    const text = JSON.stringify({
      resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'l' }, logRecords: [record] }] }],
    });
    expect(read(text)).toMatchObject({ ...expected, fault: '' });
    expect(iso(read(text))).toBe('2026-10-20T02:30:30.123Z');
    expect(attributes(read(text), 'scope.name')).toEqual({ 'scope.name': 'l' });
  });

  it('that come several in one text say how many were left', () => {
    const text = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record, record] }] }] });
    expect(read(text)).toMatchObject(expected);
    expect(read(text).fault).toContain('holds 2 log records');
  });

  it.each([
    {
      ...{ Timestamp: '1792463430123456789', SeverityNumber: 17, Body: 'store is full' },
      ...{ Attributes: { 'user.name': 'wang' }, Resource: { 'service.name': 'ledger' } },
    },
    {
      ...{ timestamp: '2026-10-20T02:30:30.123456Z', severity_number: 17, body: 'store is full' },
      ...{ attributes: { 'user.name': 'wang' }, resource: { attributes: { 'service.name': 'ledger' } } },
    },
    { ...record, severityNumber: 'SEVERITY_NUMBER_ERROR', resource },
  ])('are read under the names of the data model and of other exporters: %j', (fields) => {
    expect(read(JSON.stringify(fields))).toMatchObject({ ...expected, fault: '' });
    expect(iso(read(JSON.stringify(fields)))).toBe('2026-10-20T02:30:30.123Z');
  });

  it('that nest export requests without end are read once', () => {
    const open = '{"resourceLogs":[{"scopeLogs":[{"logRecords":['.repeat(20_000);
    const text = `${open}${JSON.stringify(record)}${']}]}]}'.repeat(20_000)}`;
    expect(read(text)).toMatchObject({ format: 'otel', fault: '', raw: text });
  });
});
