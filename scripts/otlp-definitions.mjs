/** Plugin for the build: src/otlp/definitions.ts with what it would make when it is loaded. */
import { load } from './typescript.mjs';

const { definitions } = await load('src/otlp/definitions.ts');

export const otlpDefinitions = {
  name: 'otlp-definitions',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]otlp[\\/]definitions\.ts$/ }, () => ({ contents: written() }));
  },
};

function written() {
  const entries = Object.entries(definitions).map(
    ([fullName, definition]) => `${JSON.stringify(fullName)}: ${writtenDefinition(definition)},`,
  );
  return `export const definitions = {${entries.join('\n')}};`;
}

/** protobufjs's generators say as a text what they would compile. */
function writtenDefinition({ construct, encode, decode, ...told }) {
  return `{
    ...${JSON.stringify(told)},
    construct: () => ${construct},
    encode: ({ types, util, Writer }) => ${encode},
    decode: ({ types, C, util, Reader }) => ${decode},
  }`;
}
