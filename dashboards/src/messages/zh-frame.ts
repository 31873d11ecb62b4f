/** 中文文案：页面框架与异常状态。键与 en-frame.ts 一一对应。 */
export const zhFrame = {
  loading: '正在载入页面…',
  criticalOpen: '（{count} 严重）',
  noPage: '没有这个页面',
  noPageHint: '望楼没有地址为 {address} 的页面。可能是输入有误，或页面已经改名。',
  goTo: '可以去',
  failed: '页面没有载入',
  failedHint: '没能从服务器取到页面程序。其他已打开过的页面仍可使用；网络恢复后请重试。',
  broken: '页面显示出错',
  brokenHint: '页面程序遇到没有预料到的内容。请重试；如果再次出现，请把下面的信息交给管理员。',
  partBroken: '页面的一部分没能显示：{reason}',
  away: '无法打开望楼',
  awayHint: '每 5 秒自动重试一次。',
  asking: '正在连接服务器…',
  offline: '本机没有网络连接，下面的数据停留在 {age}前。网络恢复后会自动重连。',
  misfit: '收到无法识别的实时数据（{at}），没有采用。下面的数据停留在 {age}前，稍后会重新读取全部数据。',
  misfitHealed:
    '曾有 {count} 条实时数据无法识别，已重新读取全部数据。如果反复出现，请刷新页面，并核对服务器与页面的版本。',
  clockBehind: '本机时钟比服务器慢 {by}。页面上的时间以服务器为准，请校准本机时钟。',
  clockAhead: '本机时钟比服务器快 {by}。页面上的时间以服务器为准，请校准本机时钟。',
};
