/** Plugins for the build: libraries without the parts that no session uses and each would load. */
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { load } from './typescript.mjs';

const { vendors, tokenPrices } = await load('src/pricing/price-list.ts');

/** `long` would compile WebAssembly as it loads, for 15 ms and for arithmetic that we do not do; without it, it does the same by itself. */
const longByItself = {
  name: 'long-by-itself',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules[\\/]long[\\/]umd[\\/]index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('WebAssembly.', 'undefined.'),
    }));
  },
};

/**
 * `@pydantic/genai-prices` begins with two literals: the models of all providers, half a megabyte, and the units of all that can be
 * priced, of which it compares each with each as it loads. Both together take 20 ms and 17 MB, and a session prices the tokens of three
 * vendors (src/pricing/price-list.ts). These are left, as JSON, which V8 reads faster. It also brings keys into an order, whichever,
 * by `localeCompare`, with which V8 loads the rules of all languages: 10 ms.
 */
const pricesOfTokens = {
  name: 'prices-of-tokens',
  setup({ onLoad }) {
    onLoad({ filter: /genai-prices[\\/]dist[\\/]index\.js$/ }, ({ path }) => {
      const literals = /^const (\w+) = (\[\n[\s\S]*?\n\]), (\w+) = (\{\n[\s\S]*?\n\});/;
      const text = readFileSync(path, 'utf8');
      const [found, providersName, providers, unitsName, units] = literals.exec(text) ?? [];
      if (found === undefined) throw new Error(`${path} does not begin with its providers and units`);
      const ours = evaluated(providers).filter(({ id }) => vendors.includes(id));
      const ofTokens = Object.entries(evaluated(units)).filter(([, { price_key }]) =>
        tokenPrices.includes(price_key),
      );
      const contents = `const ${providersName} = ${parsed(ours)}, ${unitsName} = ${parsed(Object.fromEntries(ofTokens))};`;
      const rest = text
        .slice(found.length)
        .replaceAll(/([\w.]+)\.localeCompare\(([\w.]+)\)/g, '(Number($1 > $2) - Number($1 < $2))');
      return { contents: contents + rest };
    });
  },
};

function evaluated(literal) {
  return runInNewContext(`(${literal})`);
}

function parsed(value) {
  return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
}

export const lighterLibraries = [longByItself, pricesOfTokens];
