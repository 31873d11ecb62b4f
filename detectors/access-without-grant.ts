import { z } from 'zod';
import { isDataAccess } from '../src/detection/access-kinds.ts';
import { grantsToActor, isOwners, partyNamed, restsOnGrants } from '../src/detection/authorization.ts';
import { defineDetector } from '../src/detection/detector.ts';
import { scoreAt } from '../src/detection/event-score.ts';
import { attack, dataSecurityLaw, governmentDataSharing } from '../src/detection/references.ts';
import { signalAt } from '../src/detection/signal.ts';
import { actor } from '../src/detection/subjects.ts';
import { actorNamed, assetNamed } from '../src/detection/wording.ts';
import type { Bilingual, Signal } from '../src/finding/finding.ts';

const settings = z.strictObject({
  base: z.number().min(0).max(100).default(60).describe('Base score for data that is shared under conditions.'),
  notSharedBase: z.number().min(0).max(100).default(80).describe('Base score for data that is not to be shared.'),
});
type Settings = z.output<typeof settings>;

const NONE: readonly Signal[] = Object.freeze([]);

export const accessWithoutGrant = defineDetector<Settings, Record<string, never>>({
  name: 'access-without-grant',
  version: 1,
  title: { zh: '无授权访问', en: 'Access without a grant' },
  what: {
    zh: '有条件共享或不予共享的数据资产，被归属部门以外、从未获得该资产授权（部门、系统或人员）的账号访问。按事件发生时的登记簿判断。',
    en: 'An asset that is shared under conditions or not at all is used by an account outside the owning department that never had a grant for it (by department, system or person). Judged by the registry as of the event’s time.',
  },
  watches: (event) => event.assetLevel !== '' && event.vendor === '' && event.department !== '' && isDataAccess(event),
  techniques: [attack('T1078')],
  cites: [governmentDataSharing(), dataSecurityLaw('38')],
  knownGaps: [
    {
      zh: '没有归属部门的资产、没有部门的账号不判断；有条件共享但尚未登记任何授权的资产视为未完成登记，不判断。',
      en: 'Assets without an owner and accounts without a department are not judged, nor is a conditionally shared asset on which no grant at all is on record: it has not been entered yet.',
    },
    {
      zh: '承建商账号由承建商类检测器判断；授权已过期或超出范围由另外的检测器报告。',
      en: 'Accounts of vendors are left to the vendor detectors; grants that have ended or are exceeded are reported by other detectors.',
    },
  ],
  settings,
  subject: actor,
  start: () => ({}),
  step(_state, event, { settings: { base, notSharedBase }, registry }) {
    const asset = registry.asset(event.asset, event.time);
    if (asset === undefined || isOwners(event, asset, registry) || !restsOnGrants(asset, registry)) return NONE;
    if (grantsToActor(event, registry).length > 0) return NONE;
    const isNotShared = asset.sharing === 'not-shared';
    return [
      signalAt(event, {
        score: scoreAt(event, isNotShared ? notSharedBase : base, registry),
        observed: 0,
        expected: 1,
        threshold: 1,
        unit: 'grants',
        explanation: sentence(
          actorNamed(event, registry),
          assetNamed(event, registry),
          partyNamed(asset.owner, registry, event.time),
          isNotShared,
        ),
      }),
    ];
  },
  forgetAfterMs: 3_600_000,
  example: sentence(
    { zh: '文旅局 chenjie', en: 'chenjie of Culture and Tourism Bureau' },
    { zh: '「低保对象信息」（重要数据）', en: '"Subsistence allowance recipients" (important data)' },
    { zh: '「民政局」', en: '"Civil Affairs Bureau"' },
    false,
  ),
});

function sentence(who: Bilingual, what: Bilingual, owner: Bilingual, isNotShared: boolean): Bilingual {
  const kind = isNotShared
    ? { zh: '该资产不予共享', en: 'which is not to be shared' }
    : { zh: '该资产为有条件共享', en: 'which is shared under conditions' };
  return {
    zh: `${who.zh} 访问了${what.zh}：${kind.zh}，归属部门为${owner.zh}，访问者没有任何授权。`,
    en: `${who.en} used ${what.en}, ${kind.en} and belongs to ${owner.en}, without any grant.`,
  };
}
