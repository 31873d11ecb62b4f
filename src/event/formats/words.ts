import type { Event } from '../event.ts';
import { ACTIONS } from '../event.ts';
import { CLASS } from './outcome.ts';

const ACTION_WORDS = new Map<string, string>(ACTIONS.map((action) => [action, action]));
for (const [action, words] of Object.entries({
  'sign-in':
    'login logon logged-in logged_in log_in ssh_login user_login signin sign_in authenticate authentication_success logon-failed user-login 登录',
  'sign-out': 'logout logoff logged-out logged_out signout sign_out user_logout session-closed 退出 登出',
  read: 'select get view access list browse retrieve fetch lookup 查看 浏览',
  query: 'search find 查询 检索',
  create: 'insert add write new put upload import 新增 创建 导入',
  update: 'modify edit change patch alter 修改 更新',
  delete: 'remove drop truncate destroy 删除',
  export: 'dump backup unload extract 导出',
  download: '下载',
  print: '打印',
  share: 'send transfer forward publish exchange 共享 交换',
  call: 'invoke request api_call post 调用',
  grant: 'authorize assign permission_grant role_assign 授权',
  revoke: 'unassign deauthorize permission_revoke 撤销',
  'account-create': 'user_create create_user useradd added-user-account create-user',
  'account-change':
    'user_update modify_user change_password password_change reset_password modified-user-account lock unlock',
  'account-delete': 'user_delete delete_user userdel deleted-user-account',
  configure: 'config configuration settings set 配置',
  command: 'exec execute executed run',
  maintain: 'maintenance 维护 运维',
  connect: 'connection open',
}))
  for (const word of words.split(' ')) ACTION_WORDS.set(word, action);

/** One of ACTIONS for a word that means it, or ''. */
export function actionOfWord(word: string): string {
  return ACTION_WORDS.get(word) ?? ACTION_WORDS.get(word.toLowerCase()) ?? '';
}

const SUCCESS = new Set([
  'success',
  'succeeded',
  'successful',
  'ok',
  'true',
  'allow',
  'allowed',
  'accepted',
  'yes',
  '成功',
  '1',
  '200',
]);
const FAILURE = new Set([
  'failure',
  'failed',
  'fail',
  'error',
  'false',
  'deny',
  'denied',
  'rejected',
  'refused',
  'no',
  '失败',
  '0',
]);

/** success, failure, or '' for a word that says neither. */
export function outcomeOfWord(word: string): Event['outcome'] {
  const lower = word.toLowerCase();
  if (SUCCESS.has(lower)) return 'success';
  return FAILURE.has(lower) ? 'failure' : '';
}

interface Activity {
  classUid: number;
  activityId: number;
}

const ACTIVITIES: Readonly<Record<(typeof ACTIONS)[number], Activity>> = {
  read: { classUid: CLASS.datastore, activityId: 1 },
  query: { classUid: CLASS.datastore, activityId: 4 },
  create: { classUid: CLASS.datastore, activityId: 6 },
  update: { classUid: CLASS.datastore, activityId: 2 },
  delete: { classUid: CLASS.datastore, activityId: 7 },
  export: { classUid: CLASS.datastore, activityId: 1 },
  print: { classUid: CLASS.datastore, activityId: 1 },
  download: { classUid: CLASS.datastore, activityId: 1 },
  share: { classUid: CLASS.datastore, activityId: 1 },
  call: { classUid: CLASS.api, activityId: 99 },
  'sign-in': { classUid: CLASS.authentication, activityId: 1 },
  'sign-out': { classUid: CLASS.authentication, activityId: 2 },
  connect: { classUid: CLASS.datastore, activityId: 3 },
  grant: { classUid: CLASS.userManagement, activityId: 14 },
  revoke: { classUid: CLASS.userManagement, activityId: 15 },
  'account-create': { classUid: CLASS.userManagement, activityId: 1 },
  'account-change': { classUid: CLASS.userManagement, activityId: 2 },
  'account-delete': { classUid: CLASS.userManagement, activityId: 3 },
  configure: { classUid: CLASS.base, activityId: 99 },
  command: { classUid: CLASS.process, activityId: 1 },
  maintain: { classUid: CLASS.base, activityId: 99 },
};

/** Sets OCSF class and activity from the action, when the source named no class. */
export function classify(event: Event): void {
  if (event.classUid !== 0 || event.action === '') return;
  const activity = ACTIVITIES[event.action as (typeof ACTIONS)[number]] as Activity | undefined;
  if (activity === undefined) return;
  event.classUid = activity.classUid;
  event.activityId = activity.activityId;
}
