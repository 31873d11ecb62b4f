import { REVEAL_REQUESTS } from '../routes/reveals.ts';
import { answer, content, operation, schemaOf, type Json } from './words.ts';

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const REVEAL = { type: 'object' };

/** The part of the API's description that is about seeing events unmasked; who agrees to it does so at the page. */
export function revealPaths(): Json {
  return {
    '/api/v1/events/{id}/reveal': {
      parameters: [ID],
      post: operation(
        'See an event unmasked for 15 minutes; 202 while somebody else has to agree',
        [],
        content(schemaOf(REVEAL_REQUESTS.wish)),
        answer({ reveal: REVEAL, event: { type: 'object' } }),
      ),
    },
  };
}
