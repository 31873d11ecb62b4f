/** 中文文案：大屏。键与 en-wall.ts 一一对应。 */
export const zhWall = {
  label: '大屏，按 Esc 返回',
  rate: '{rate} 事件/秒',
  lost: '连接中断，以下数据是 {age}前的',
  stale: '服务器没有收到任何程序的数据，以下内容可能已过时',
  findings: '未处置发现，最严重的在前',
  incidents: '最近的事件',
  sources: '日志源',
  noFindings: '没有未处置的发现',
  ago: '{age}前',
  sourcesWell: '{well} / {all} 个日志源正常',
};
