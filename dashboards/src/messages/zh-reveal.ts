/** Texts of seeing events unmasked, in Chinese. */
export const zhReveal = {
  reveal: {
    ask: '查看明文',
    purpose: '用途',
    purposes: { investigation: '调查处置', complaint: '投诉举报', audit: '审计核查', other: '其他' },
    reason: '理由',
    show: '查看 15 分钟',
    lookAgain: '再看一次',
    cancel: '取消',
    recorded: '仅限本人、本事件，15 分钟内有效；查看前先记入审计。',
    waiting: '已提交申请，须他人同意；同意后点“再看一次”。',
    shown: '{account} 正在查看明文，剩余 {left}',
    hide: '隐藏',
    requests: '查看明文的申请',
    requestsHint: '同意后，申请人可查看该事件 15 分钟；本页不显示事件内容。',
    noRequests: '没有申请。',
    states: { waiting: '待同意', open: '可查看', refused: '已拒绝' },
  },
};
