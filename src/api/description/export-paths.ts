import { exportRequest } from '../export-request.ts';
import { content, ID, type Json, jsonAnswer, operation, schemaOf } from './words.ts';

export function exportPaths(): Json {
  const root = '/api/v1/exports';
  const object = { 200: jsonAnswer({ type: 'object' }) };
  const wish = content(schemaOf(exportRequest));
  const orNull = { type: ['integer', 'null'], description: 'null for SQL: it is known once it ran' };
  const estimate = { type: 'object', properties: { rows: orNull, bytes: orNull, ms: orNull } };
  const parts = [{ name: 'range', in: 'header', required: false, schema: { type: 'string' } }];
  const file = { description: 'The file, or the part of it', content: { 'application/octet-stream': {} } };
  return {
    [root]: {
      get: operation('Exports of yours, newest first', [], undefined, object),
      post: operation('Ask for a file of what you see', [], wish, { 202: jsonAnswer({ type: 'object' }) }),
    },
    [`${root}/estimate`]: {
      post: operation('How large it would be and how long it would take', [], wish, { 200: jsonAnswer(estimate) }),
    },
    [`${root}/{id}`]: {
      parameters: [ID],
      get: operation('How far it is', [], undefined, object),
      delete: operation('End it, or remove its file', [], undefined, object),
    },
    [`${root}/{id}/file`]: {
      parameters: [ID],
      get: operation('The file; its ETag is its SHA-256', parts, undefined, { 200: file, 206: file }),
    },
    [`${root}/{id}/bundle`]: {
      parameters: [ID],
      get: operation('File and manifest in one ZIP', [], undefined, {
        200: { description: 'A ZIP, not compressed', content: { 'application/zip': {} } },
      }),
    },
    [`${root}/{id}/manifest`]: {
      parameters: [ID],
      get: operation('What the file is, and by what it can be checked', [], undefined, object),
    },
  };
}
