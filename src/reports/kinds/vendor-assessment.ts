import type { Bilingual } from '../../finding/finding.ts';
import { vendorFacts } from '../../profile/facts.ts';
import type { ContractCard, Scorecard } from '../../profile/scorecard.ts';
import type { VendorService } from '../../vendor-service-desk.ts';
import { subjectName, type Made, type Making } from '../making.ts';
import type { HoleLine, Section } from '../report.ts';
import {
  ends,
  both,
  called,
  COLUMN,
  daysOf,
  facts,
  fromRegistry,
  fromStore,
  holes,
  namesOf,
  nameOf,
  note,
  say,
  section,
  SEVERITIES,
  stated,
  table,
  when,
  yes,
} from '../writing.ts';

const MOST_FINDINGS = 500;
const RESULTS: Readonly<Record<string, Bilingual>> = {
  passed: say('合格', 'passed'),
  conditional: say('有条件合格', 'conditional'),
  failed: say('不合格', 'failed'),
};
const STATES: Readonly<Record<ContractCard['state'], Bilingual>> = {
  'in-force': say('履行中', 'in force'),
  'to-come': say('未开始', 'to come'),
  over: say('已结束', 'over'),
};

/** What a vendor has declared, against what was seen of it. */
export async function vendorAssessment(making: Making): Promise<Made> {
  const { wish, sight, view, step } = making;
  const { id } = wish.subject;
  const subject = subjectName(view, wish.subject);
  const [asOf, days] = [wish.to - 1, daysOf(wish)];
  step(0, 4);
  const card = await sight.profiles.scorecard(id, days, asOf);
  step(1, 4);
  const service = await sight.vendorServices.of(id, asOf);
  step(2, 4);
  const risk = await sight.vendorRisks.of(id, asOf);
  step(3, 4);
  const all = await sight.profiles.findings('vendor', id, MOST_FINDINGS, asOf);
  const found = all.filter(({ finding }) => finding.causedAt >= wish.from);
  const declared = vendorFacts(view, id)!;
  const seen = fromStore({ ...wish, from: card.from, to: card.to }, `事件（服务商 ${id}）`, `events of vendor ${id}`);
  const findings = fromStore(wish, `发现（服务商 ${id}）`, `findings about vendor ${id}`);
  const gaps = risk.gaps.map(({ gap, explanation }): HoleLine => ({ hole: gap, text: explanation, about: subject }));
  return {
    subject,
    sections: [
      section(
        say('结论', 'Conclusion'),
        [fromRegistry(wish), seen, findings],
        facts(
          [say('风险评分（0–100，越高越差）', 'Risk (0–100, higher is worse)'), risk.score],
          [say('期内安全发现', 'Findings in the span'), found.length],
          [say('合同', 'Contracts'), card.contracts.length],
        ),
        holes([...gaps, ...deviationsOf(card, subject), ...serviceHoles(service, subject)]),
      ),
      section(
        say('申报情况', 'Declared'),
        [fromRegistry(wish)],
        facts(
          [say('统一社会信用代码', 'Credit code'), stated(declared.creditCode)],
          [say('联系人', 'Contacts'), declared.contacts.length === 0 ? null : { list: declared.contacts.map(both) }],
          [say('建设的系统', 'Builds'), namesOf(declared.builds)],
          [say('运维的系统', 'Runs'), namesOf(declared.runs)],
          [say('保密协议有效期至', 'Non-disclosure agreement until'), ends(declared.ndaUntil)],
          [say('人员背景审查', 'Background checks'), yes(declared.backgroundChecks)],
          [say('上次评估', 'Last assessment'), when(declared.lastAssessment?.at)],
          [
            say('评估结论', 'Its result'),
            declared.lastAssessment === null ? null : called(RESULTS, declared.lastAssessment.result),
          ],
        ),
      ),
      ...card.contracts.map((contract) => contractSection(contract, making)),
      section(
        say('服务水平', 'Service'),
        [
          fromStore(
            { ...wish, from: asOf - 30 * 86_400_000 },
            '事件（运维的系统，30 天）',
            'events of the systems it runs, 30 days',
          ),
        ],
        service.systems.length === 0
          ? note('该服务商没有登记运维的系统。', 'No system is registered as run by this vendor.')
          : serviceTable(service),
      ),
      section(
        say('期内安全发现', 'Findings in the span'),
        [findings],
        table(
          say('按时间，最近的在前', 'Latest first'),
          [say('发现', 'Finding'), COLUMN.detector, COLUMN.severity, COLUMN.last],
          found.map(({ finding }) => [
            finding.title,
            both(finding.detector),
            called(SEVERITIES, finding.severity),
            { at: finding.lastTime },
          ]),
        ),
      ),
    ],
  };
}

/** What was seen that no contract covers. */
function deviationsOf(card: Scorecard, about: Bilingual): HoleLine[] {
  const { withoutContract, otherAddresses, contracts } = card;
  const line = (hole: string, zh: string, en: string): HoleLine => ({ hole, text: say(zh, en), about });
  const names = (all: readonly { name: Bilingual }[], language: 'zh' | 'en'): string =>
    all.map(({ name }) => name[language]).join(language === 'zh' ? '、' : ', ');
  return [
    ...(withoutContract.events === 0
      ? []
      : [
          line(
            'without-contract',
            `不属于任何合同的访问 ${withoutContract.events} 次，${withoutContract.rows} 行`,
            `${withoutContract.events} accesses (${withoutContract.rows} rows) under no contract`,
          ),
        ]),
    ...(otherAddresses.length === 0
      ? []
      : [
          line(
            'other-addresses',
            `从未批准的地址访问：${otherAddresses.map(({ name }) => name).join('、')}`,
            `accesses from addresses that no contract approves: ${otherAddresses.map(({ name }) => name).join(', ')}`,
          ),
        ]),
    ...contracts.flatMap(({ id, seen, roster, systems }) => [
      ...(seen.afterEnd
        ? [line('after-contract', `合同 ${id} 结束后仍有访问`, `accesses after contract ${id} ended`)]
        : []),
      ...(seen.offRoster.length === 0
        ? []
        : [
            line(
              'off-roster',
              `合同 ${id} 名单外人员：${names(seen.offRoster, 'zh')}`,
              `not on the roster of contract ${id}: ${names(seen.offRoster, 'en')}`,
            ),
          ]),
      ...(seen.outOfScope.length === 0
        ? []
        : [
            line(
              'out-of-scope',
              `合同 ${id} 范围外的系统：${names(seen.outOfScope, 'zh')}`,
              `systems outside of contract ${id}: ${names(seen.outOfScope, 'en')}`,
            ),
          ]),
      ...(roster.length === 0 ? [line('no-roster', `合同 ${id} 没有人员名单`, `contract ${id} has no roster`)] : []),
      ...(systems.length === 0
        ? [line('no-systems', `合同 ${id} 没有写明系统`, `contract ${id} names no systems`)]
        : []),
    ]),
    ...(contracts.length === 0 ? [line('no-contract', '没有登记合同', 'no contract is registered')] : []),
  ];
}

function serviceHoles({ overdue }: VendorService, about: Bilingual): HoleLine[] {
  return overdue.map(({ id, events }) => ({
    hole: 'work-order-overrun',
    text: say(
      `工单 ${id} 时间窗之后仍有操作 ${events} 次`,
      `${events} actions under work order ${id} after its window`,
    ),
    about,
  }));
}

function contractSection(contract: ContractCard, { wish }: Making): Section {
  const { id, seen } = contract;
  return section(
    say(`合同 ${id}：约定与实际`, `Contract ${id}: agreed, and seen`),
    [fromRegistry(wish), fromStore(wish, `事件（合同 ${id}）`, `events under contract ${id}`)],
    facts(
      [say('状态', 'State'), STATES[contract.state]],
      [COLUMN.from, when(contract.from)],
      [COLUMN.until, ends(contract.to)],
      [say('系统', 'Systems'), namesOf(contract.systems)],
      [
        say('批准的网络', 'Approved networks'),
        contract.networks.length === 0 ? null : { list: contract.networks.map(both) },
      ],
      [
        say('约定可用性', 'Availability agreed'),
        contract.sla.availability === 0 ? null : { share: contract.sla.availability },
      ],
      [say('期内访问', 'Events in the span'), seen.events],
      [say('期内行数', 'Rows in the span'), seen.rows],
      [say('其中特权操作', 'Privileged among them'), seen.privileged],
      [say('最近一次', 'Last one'), seen.last === null ? say('期内没有', 'none in the span') : { at: seen.last }],
      [say('期内工单', 'Work orders in the span'), contract.workOrderCount],
    ),
    table(
      say('人员名单', 'Roster'),
      [say('人员', 'Person'), COLUMN.from, COLUMN.until, say('在岗', 'Assigned'), say('期内访问', 'Events')],
      contract.roster.map((person) => [
        nameOf(person),
        when(person.from),
        ends(person.to),
        yes(person.active),
        person.events,
      ]),
    ),
    table(
      say('工单', 'Work orders'),
      [
        say('工单', 'Work order'),
        COLUMN.from,
        COLUMN.until,
        say('数据所有方同意', 'Consent of the owner'),
        COLUMN.purpose,
      ],
      contract.workOrders.map((order) => [
        both(order.id),
        { at: order.from },
        { at: order.to },
        yes(order.ownerConsent),
        stated(order.purpose),
      ]),
    ),
  );
}

function serviceTable({ systems }: VendorService) {
  return table(
    say('运维的系统', 'Systems that it runs'),
    [
      say('系统', 'System'),
      say('约定可用性', 'Agreed'),
      say('30 天请求', 'Requests, 30 days'),
      say('失败', 'Failed'),
      say('剩余误差预算', 'Error budget left'),
      say('约定时延（毫秒）', 'Latency agreed, ms'),
      say('P95（毫秒）', 'P95, ms'),
    ],
    systems.map((one) => {
      const month = one.windows.at(-1);
      return [
        nameOf(one.system),
        { share: one.availability },
        month?.requests ?? null,
        month?.errors ?? null,
        one.budgetLeft === null ? null : { share: one.budgetLeft },
        one.latencyMs === 0 ? null : one.latencyMs,
        one.p95Ms,
      ];
    }),
  );
}
