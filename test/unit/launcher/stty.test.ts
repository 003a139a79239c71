import { describe, expect, it } from 'vitest';
import { parseStty } from '../../../src/launcher/stty.ts';

describe('parseStty', () => {
  const linux = `speed 38400 baud; rows 24; columns 80; line = 0;
intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;
-parenb -parodd cs8 -hupcl -cstopb cread -clocal
isig -icanon iexten echo echoe echok -echonl -noflsh -xcase -tostop
`;
  const macos = `speed 9600 baud; 24 rows; 80 columns;
lflags: -icanon isig iexten echo echoe -echok echoke -echonl echoctl
\t-echoprt -altwerase -noflsh -tostop -flusho pendin -nokerninfo
\t-extproc
cchars: discard = ^O; dsusp = ^Y; eof = ^D; eol = <undef>;
`;

  it.each([
    ['Linux', linux],
    ['macOS', macos],
  ])('tells what is on, as on %s', (_, text) => {
    const modes = parseStty(text);
    expect(['isig', 'echo', 'icanon', 'tostop'].map((mode) => modes.has(mode))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
