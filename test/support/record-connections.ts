/** Loaded before a program (`node --import`): writes the target of each connection into the file D365_CONNECTIONS. */
import { appendFileSync } from 'node:fs';
import net from 'node:net';

const { connect } = net.Socket.prototype;

net.Socket.prototype.connect = function record(this: net.Socket, ...args: unknown[]): net.Socket {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const { host = 'localhost', port, path } = Object(first) as net.TcpNetConnectOpts & { path?: string };
  const target = path ?? `${host}:${port ?? String(first)}`;
  appendFileSync(process.env.D365_CONNECTIONS ?? '', `${target}\n`);
  return Reflect.apply(connect, this, args);
};
