/** How a panel or a column shows its figures, in Grafana's names of units. */
export const money = { unit: 'currencyUSD' };
/** Of single calls and sessions, which may cost less than a cent. */
export const smallMoney = { unit: 'currencyUSD', decimals: 4 };
export const count = { unit: 'short', decimals: 0 };
export const seconds = { unit: 's' };
export const share = { unit: 'percentunit' };
