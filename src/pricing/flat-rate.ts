import { totalTokens, type Usage } from '../session/usage.ts';

/**
 * What a model of unknown family is taken to cost, USD per million tokens of input and output alike
 * (design.md §7).
 */
export const flatUsdPerMillion = 5;

export function flatUsd(usage: Usage): number {
  return (totalTokens(usage) * flatUsdPerMillion) / 1e6;
}
