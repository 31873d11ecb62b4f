import type { MessageContext, MessageFunction } from 'vue-i18n';

/** A number that a message is given, and what it counts. */
const COUNTED =
  /\{(\w+)\} (column|condition|connection|day|detector|difference|event|failure|fault|finding|gap|group|hole|hour|minute|node|person|point|record|relation|report|request|row|source|step|term|time|value)s\b(?! the)/g;
const GIVEN = /\{(\w+)\}/g;

/** English messages that count something: of one it is said without its last letter. What else a message is given stays as it is. */
export function withSingulars<Messages extends object>(messages: Messages): Messages {
  const entries = Object.entries(messages).map(([key, said]: [string, string | object]) => [key, counting(said)]);
  return Object.fromEntries(entries) as Messages;
}

function counting(said: string | object): string | object | MessageFunction {
  if (typeof said !== 'string') return withSingulars(said);
  if (said.search(COUNTED) < 0) return said;
  return (context: MessageContext) => {
    const given = (name: string): string => String(context.named(name));
    const template = said.replace(COUNTED, (plural, name: string, one: string) => given(name) === '1' ? `{${name}} ${one}` : plural); // prettier-ignore
    return template.replace(GIVEN, (_, name: string) => given(name));
  };
}
