import type { CompilerOptions } from 'vue/compiler-sfc';

/** As much of the compiler's syntax tree as is needed; it does not export its kinds of nodes as values. */
interface Interpolation {
  type: number;
  loc: object;
  content: object;
}
const SIMPLE_EXPRESSION = 4;
const INTERPOLATION = 5;
const COMPOUND_EXPRESSION = 8;
const NOT_CONSTANT = 0;

/** Compiles `{{ text }}` to `$shown(text)`, src/shown.ts, so that no template can forget it. */
export const showHarmlessly: NonNullable<CompilerOptions['nodeTransforms']>[number] = (node) => {
  const { type, loc, content } = node as Interpolation;
  if (type !== INTERPOLATION) return;
  // Never a constant: it would be taken out of the function that has `_ctx`.
  const call = { type: SIMPLE_EXPRESSION, content: '_ctx.$shown(', isStatic: false, constType: NOT_CONSTANT, loc };
  Object.assign(node, { content: { type: COMPOUND_EXPRESSION, loc, children: [call, content, ')'] } });
};
