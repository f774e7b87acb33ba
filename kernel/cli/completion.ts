// operandose completion: a script with which a shell completes commands and options.
import { Argument, type Command } from "commander";
import type { CommandFile } from "./command.js";

/** The command `completion`. */
export const completionCommand: CommandFile = {
  name: "completion",
  group: "This machine",
  define(command, context) {
    command
      .description("prints a script for the completion of commands and options")
      .addArgument(new Argument("<SHELL>").choices(Object.keys(shells)))
      .addHelpText(
        "after",
        `
bash   add to ~/.bashrc:      eval "$(npx operandose completion bash)"
zsh    add to ~/.zshrc:       eval "$(npx operandose completion zsh)"
fish   run once:              npx operandose completion fish > ~/.config/fish/completions/operandose.fish

It completes the command operandose, not npx operandose: install with npm install --global, or add
node_modules/.bin of the project to PATH.`,
      )
      .action((shell: keyof typeof shells) => context.out(`${shells[shell](wordsOf(command.parent!))}\n`));
  },
};

interface Words {
  /** Words before the completed one, without options: "", "kernel", "kernel install". */
  path: string;
  words: { word: string; about: string }[];
}

/** What can follow each command. */
function wordsOf(command: Command, path = ""): Words[] {
  const help = command.createHelp();
  const below = help.visibleCommands(command);
  const words = [
    ...below.map((one) => ({ word: one.name(), about: one.description() })),
    ...help
      .visibleOptions(command)
      .map(({ long, description }) => ({ word: long ?? "", about: description })),
    ...command.registeredArguments.flatMap(({ argChoices = [] }) =>
      argChoices.map((word) => ({ word, about: "" })),
    ),
  ].filter(({ word }) => word !== "");
  return [
    { path, words },
    ...command.commands.flatMap((one) => wordsOf(one, `${path} ${one.name()}`.trim())),
  ];
}

const shells = {
  bash: (all: readonly Words[]) => `_operandose() {
  local current="\${COMP_WORDS[COMP_CWORD]}" typed="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in -*) ;; *) typed="\${typed:+$typed }\${COMP_WORDS[i]}" ;; esac
  done
  case "$typed" in
${all
  .map(({ path, words }) => `    "${path}"*) words="${words.map(({ word }) => word).join(" ")}" ;;`)
  .reverse()
  .join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _operandose operandose`,

  zsh: (all: readonly Words[]) => `_operandose() {
  local typed="" word
  local -a entries
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    [[ "$word" == -* ]] || typed="\${typed:+$typed }$word"
  done
  case "$typed" in
${all
  .map(
    ({ path, words }) =>
      `    "${path}"*) entries=(${words.map(({ word, about }) => quoted(`${word}:${about}`)).join(" ")}) ;;`,
  )
  .reverse()
  .join("\n")}
  esac
  _describe operandose entries
  _files
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _operandose operandose`,

  fish: (all: readonly Words[]) =>
    all
      .flatMap(({ path, words }) =>
        words.map(({ word, about }) => {
          const steps = path.split(" ").filter(Boolean);
          const conditions = steps.length
            ? steps.map((step) => `__fish_seen_subcommand_from ${step}`).join("; and ")
            : "__fish_use_subcommand";
          const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-a ${word}`;
          return `complete -c operandose -n ${quoted(conditions)} ${what} -d ${quoted(about)}`;
        }),
      )
      .join("\n"),
};

/** Text in single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
