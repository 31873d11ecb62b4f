import { FAMILIES } from '../../detection/families.ts';
import { backtestWish } from '../routes/backtests.ts';
import { vendorQuery } from '../routes/vendors.ts';
import {
  answer,
  content,
  ID,
  type Json,
  jsonAnswer,
  listOf,
  NUMBER,
  operation,
  queryOf,
  schemaOf,
  TEXT,
} from './words.ts';

export function detectorPaths(): Json {
  const counts = { type: 'object', additionalProperties: { type: 'integer' } };
  const setting = {
    name: TEXT,
    description: TEXT,
    type: TEXT,
    default: {},
    configured: {},
    minimum: NUMBER,
    maximum: NUMBER,
  };
  const card = { name: TEXT, family: { enum: FAMILIES }, settings: listOf(setting) };
  const use = { detector: TEXT, lastDay: NUMBER, lastMonth: NUMBER, bySeverity: counts, closed: counts };
  const backtest = {
    id: TEXT,
    by: TEXT,
    state: { enum: ['queued', 'running', 'done', 'cancelled', 'failed'] },
    place: NUMBER,
  };
  const one = {
    200: jsonAnswer({ type: 'object', properties: { ...backtest, progress: {}, failure: {}, result: {} } }),
  };
  return {
    '/api/v1/detectors': {
      get: operation(
        'Detectors with their settings, and correlations',
        [],
        undefined,
        answer({ detectors: listOf(card), correlations: listOf({ name: TEXT }) }),
      ),
    },
    '/api/v1/detectors-use': {
      get: operation(
        'What each found in 24 hours and 30 days',
        [],
        undefined,
        answer({ asOf: NUMBER, use: listOf(use) }),
      ),
    },
    '/api/v1/backtests': {
      get: operation(
        'Backtests of the last days, newest first',
        [],
        undefined,
        answer({ backtests: listOf(backtest) }),
      ),
      post: operation('Try settings on the past', [], content(schemaOf(backtestWish)), { 202: one[200] }),
    },
    '/api/v1/backtests/{id}': {
      parameters: [ID],
      get: operation('How far a backtest is, or its result', [], undefined, one),
      delete: operation('Cancel a backtest', [], undefined, one),
    },
    '/api/v1/vendors/{id}/service': {
      parameters: [ID],
      get: operation(
        'How the systems of a vendor serve',
        queryOf(vendorQuery),
        undefined,
        answer({ systems: listOf({}) }),
      ),
    },
  };
}
