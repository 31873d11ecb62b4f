import { z } from 'zod';
import { isAddress, liesIn, PRIVATE_RANGES } from '../src/detection/address-ranges.ts';
import { departmentOf } from '../src/detection/authorization.ts';
import { defineDetector, type StepContext } from '../src/detection/detector.ts';
import { CRITICAL, isImportant, scoreAt } from '../src/detection/event-score.ts';
import { attack, networkDataRegulation, personalInformationLaw } from '../src/detection/references.ts';
import { isOutward } from '../src/detection/sharing.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, amount, assetNamed, counted } from '../src/detection/wording.ts';
import type { Event } from '../src/event/event.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  internalDomains: z
    .array(z.string())
    .default(['gov.cn'])
    .describe('Domains of mail and hosts that belong to the government.'),
  base: z
    .number()
    .min(0)
    .max(100)
    .default(50)
    .describe('Base score; at least critical for important, core and personal data.'),
});
type Settings = z.output<typeof settings>;

/** Where data went that is not the government's, or not at home. */
interface Destination {
  where: string;
  kind: 'abroad' | 'external';
}

const NONE: readonly Signal[] = Object.freeze([]);

export const externalDestination = defineDetector<Settings, Record<string, never>>({
  name: 'external-destination',
  version: 1,
  title: { zh: '数据流向境外或外部网络', en: 'Data leaves the government network' },
  what: {
    zh: '数据资产被共享、导出、下载到政务网络之外（外部网络、公网地址、外部邮箱或主机）或境外。重要以上数据与个人信息为严重。',
    en: 'Data of an asset is shared, exported or downloaded to outside the government’s networks (an external network, a public address, an outside mailbox or host) or abroad: critical for important, core and personal data.',
  },
  watches: (event) =>
    event.outcome !== 'failure' &&
    event.asset !== '' &&
    (isOutward(event) || event.action === 'download' || event.action === 'export'),
  techniques: [attack('T1048')],
  cites: [personalInformationLaw('36'), networkDataRegulation('37')],
  knownGaps: [
    {
      zh: '是否境外按登记簿中的网络判断；未登记的公网地址只算外部。以名称写明而登记簿查不到的接收方不判断。',
      en: 'Abroad is told by the networks of the registry; a public address that is in none counts as external. Recipients named by words that the registry does not know are not judged.',
    },
    {
      zh: '无条件共享的资产面向公众，不判断。',
      en: 'Assets that are shared freely are meant for the public and not judged.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({}),
  step(_state, event, context) {
    const asset = context.registry.asset(event.asset, event.time);
    if (asset?.sharing === 'unconditional') return NONE;
    const destination = event.recipient === '' ? clientOf(event, context) : recipientOf(event, context);
    if (destination === undefined) return NONE;
    const isPersonal = asset !== undefined && asset.personalInformation !== 'none';
    return [signal(event, destination, isImportant(event) || isPersonal, context)];
  },
  forgetAfterMs: 3_600_000,
  example: sentence(
    { zh: '民政局 wangfang', en: 'wangfang of Civil Affairs Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { where: '203.0.113.7', kind: 'abroad' },
    1200,
  ),
});

/** A download goes to where its client is; only networks that the registry knows say anything about that. */
function clientOf({ clientAddress, time }: Event, { registry }: StepContext<Settings>): Destination | undefined {
  const network = registry.network(clientAddress, time);
  if (network === undefined) return undefined;
  if (!network.domestic) return { where: clientAddress, kind: 'abroad' };
  return network.zone === 'external' ? { where: clientAddress, kind: 'external' } : undefined;
}

function recipientOf(event: Event, context: StepContext<Settings>): Destination | undefined {
  const { recipient, time } = event;
  const { registry, settings } = context;
  if (departmentOf(recipient, registry, time) !== '' || registry.vendor(recipient, time) !== undefined)
    return undefined;
  if (isAddress(recipient)) {
    const known = clientOf({ ...event, clientAddress: recipient }, context);
    if (known !== undefined || registry.network(recipient, time) !== undefined) return known;
    return liesIn(recipient, PRIVATE_RANGES) ? undefined : { where: recipient, kind: 'external' };
  }
  const host = recipient.slice(recipient.lastIndexOf('@') + 1).toLowerCase();
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(host)) return undefined;
  const isOurs = settings.internalDomains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  return isOurs ? undefined : { where: recipient, kind: 'external' };
}

function signal(
  event: Event,
  destination: Destination,
  isSensitive: boolean,
  { settings, registry }: StepContext<Settings>,
): Signal {
  const score = scoreAt(event, settings.base, registry);
  return signalAt(event, {
    score: isSensitive ? Math.max(CRITICAL, score) : score,
    observed: 1,
    threshold: 1,
    unit: 'destinations outside',
    explanation: sentence(actorNamed(event, registry), assetNamed(event, registry), destination, event.rows),
    groupKey: `${event.actor}\u001f${event.asset}\u001f${destination.where}`,
  });
}

function sentence(who: Bilingual, what: Bilingual, { where, kind }: Destination, rows: number): Bilingual {
  const size = rows === 0 ? { zh: '', en: '' } : { zh: ` ${amount(rows)} 行`, en: ` (${counted(rows, 'row')})` };
  const place =
    kind === 'abroad' ? { zh: '境外', en: 'abroad' } : { zh: '政务网络之外', en: 'outside the government network' };
  return {
    zh: `${who.zh} 将${what.zh}${size.zh}传到${place.zh}（${where}）。`,
    en: `${who.en} sent ${what.en}${size.en} ${place.en} (${where}).`,
  };
}
