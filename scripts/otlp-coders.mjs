/** Plugin for the build: src/otlp/coders.ts with the functions in it that it would generate. */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs/light.js';

const descriptor = new URL('../src/otlp/descriptor.json', import.meta.url);

export const otlpCoders = {
  name: 'otlp-coders',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]otlp[\\/]coders\.ts$/ }, () => ({ contents: generated() }));
  },
};

function generated() {
  const root = protobuf.Root.fromJSON(JSON.parse(readFileSync(descriptor, 'utf8'))).resolveAll();
  const coders = typesIn(root).map((type) => {
    const functions = `{encode:${protobuf.encoder(type)},decode:${protobuf.decoder(type)}}`;
    return `${JSON.stringify(type.fullName)}: ({ types, C, util, Writer, Reader }) => (${functions}),`;
  });
  return `const coders = {${coders.join('\n')}};
    export const codersOf = ({ fullName }, scope) => coders[fullName](scope);`;
}

function typesIn(namespace) {
  return namespace.nestedArray.flatMap((nested) => [
    ...(nested instanceof protobuf.Type ? [nested] : []),
    ...(nested instanceof protobuf.Namespace ? typesIn(nested) : []),
  ]);
}
