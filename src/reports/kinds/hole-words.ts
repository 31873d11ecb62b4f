import type { Bilingual } from '../../finding/finding.ts';
import type { Hole } from '../../profile/five-questions.ts';

/** What the register itself lacks about an asset, beside what the five questions find. */
type OfRegister =
  | 'no-owner'
  | 'owner-unregistered'
  | 'no-system'
  | 'no-fields'
  | 'not-graded'
  | 'size-unknown'
  | 'persons-unknown'
  | 'no-supervisor'
  | 'supervisor-unregistered';

/** Every hole in the answers to the five questions, for people. */
export const HOLES: Readonly<Record<Hole['hole'] | OfRegister, Bilingual>> = {
  'no-owner': { zh: '没有写明由谁开放', en: 'nobody is named who opens it' },
  'owner-unregistered': { zh: '开放部门未登记', en: 'the department that opens it is not registered' },
  'no-system': { zh: '没有写明所在系统', en: 'its system is not named' },
  'no-fields': { zh: '没有登记字段，开放内容不明', en: 'no fields are registered: what is opened is not known' },
  'not-graded': { zh: '没有写明定级时间', en: 'when it was graded is not stated' },
  'size-unknown': { zh: '数据量未知', en: 'its size is not known' },
  'persons-unknown': { zh: '含个人信息，但涉及人数未知', en: 'it is about persons, and about how many is not known' },
  'no-supervisor': { zh: '没有写明由谁监管', en: 'nobody is named who supervises it' },
  'supervisor-unregistered': { zh: '监管部门未登记', en: 'the department that supervises it is not registered' },
  'not-registered': { zh: '资产未登记', en: 'the asset is not registered' },
  'no-grant': { zh: '没有有效授信', en: 'no grant is in force' },
  'no-source': { zh: '没有日志源覆盖', en: 'no log source covers it' },
  'source-unregistered': { zh: '日志源未登记', en: 'log sources that are not registered' },
  'no-events': { zh: '期间没有任何访问记录', en: 'no access was seen in the span' },
  'used-without-grant': { zh: '无授信使用的部门', en: 'departments that used it without a grant' },
  'no-purpose': { zh: '没有写明目的的访问', en: 'accesses that state no purpose' },
  'no-recipient': { zh: '没有写明接收方的对外提供', en: 'passings that name no recipient' },
  'outside-boundary': { zh: '流到授权边界之外', en: 'it went outside of its boundary' },
  'no-path': { zh: '流转来路不明', en: 'how it came there is not known' },
  'no-end': { zh: '授信没有期限', en: 'grants without an end' },
  'review-overdue': { zh: '复核已逾期', en: 'its review is overdue' },
  'no-review': { zh: '没有安排复核', en: 'no review is planned' },
};
