import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens, says so, and never comes to accept anything. */
const listener = `
  const { workerData, parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: workerData, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage('listening');
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/** Linux lets one more wait than asked for; the rest of these are there in case it lets in more. */
const fillers = 8;

/** Makes connections to a free port of 127.0.0.1 wait for ever: the queue of those to be accepted is full. */
export async function fillBacklog(port: number): Promise<{ close(): Promise<void> }> {
  const worker = new Worker(listener, { eval: true, workerData: port });
  await once(worker, 'message');
  const sockets = Array.from({ length: fillers }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => {});
  await Promise.race(sockets.map((socket) => once(socket, 'connect')));
  await settled(sockets);
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await worker.terminate();
    },
  };
}

/** On loopback a connection is made at once or waits: none that are still waiting would be let in now. */
async function settled(sockets: readonly Socket[]): Promise<void> {
  for (let before = -1; ; ) {
    const open = sockets.filter(({ connecting }) => !connecting).length;
    if (open === before) return;
    before = open;
    await new Promise((done) => setTimeout(done, 20));
  }
}
