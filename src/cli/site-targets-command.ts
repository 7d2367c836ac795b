import type { Command } from 'commander';
import type { Target } from '../site/index.ts';
import { createCommand } from './command.ts';
import { siteOfConfig } from './site-of-config.ts';
import type { Terminal } from './terminal.ts';

/** A target, as it is listed. */
interface ListedTarget {
  readonly name: string;
  readonly default: boolean;
  /** As messages name it. */
  readonly target: string;
  /** `null`: nobody can ask for what is in it. */
  readonly publicUrl: string | null;
  readonly details: Readonly<Record<string, string>>;
}

/** `static-url site targets`: lists the targets of a site, without their secrets. */
export function siteTargetsCommand(terminal: Terminal): Command {
  return createCommand(terminal, {
    name: 'targets',
    description: 'List the targets that the site of the configuration can be published to, without secrets.',
    options: {},
    json: 'Print [{"name", "default", "target", "publicUrl", "details"}] instead.',
    notes:
      '\nThe asterisk marks the one that "static-url publish" takes where none is named.\nExample:\n  $ static-url site targets --json\n',
    fromConfig: {},
    async run(_, { command, json }) {
      const { config, site } = await siteOfConfig(terminal, command);
      const { defaultTargetName } = await import('../site/index.ts');
      const { targets = {}, origin } = site;
      const chosen = defaultTargetName(targets);
      const listed = Object.entries(targets).map(([name, target]) =>
        listedTarget(name, target, name === chosen, origin),
      );
      if (json) terminal.write(`${JSON.stringify(listed)}\n`);
      else if (listed.length > 0) terminal.write(listed.map(targetText).join(''));
      else
        terminal.writeError(
          `${config.name} names no "targets" in "site". Such as: targets: { default: s3Target({ bucket: "www.example.com" }) }.\n`,
        );
    },
  });
}

// What is shown is named one by one: a target may hold secrets in anything else.
function listedTarget(
  name: string,
  { name: target, publicUrl, details = {} }: Target,
  isDefault: boolean,
  origin: string,
): ListedTarget {
  return {
    name,
    default: isDefault,
    target,
    publicUrl: publicUrl === false ? null : (publicUrl ?? origin).replace(/\/*$/, '/'),
    details,
  };
}

function targetText({ name, default: isDefault, target, publicUrl, details }: ListedTarget): string {
  const rows = Object.entries({ target, 'public URL': publicUrl ?? 'none', ...details });
  const width = Math.max(...rows.map(([label]) => label.length));
  return `${isDefault ? '*' : ' '} ${name}\n${rows.map(([label, value]) => `    ${label.padEnd(width)}  ${value}\n`).join('')}`;
}
