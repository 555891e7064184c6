/** The shells that `d365 completion` writes a script for. */
export type CompletionShell = 'bash' | 'zsh' | 'fish';

/** How each script reads the words of the command line and asks `d365 __complete` for the candidates of the last one. */
export const completionScripts: Readonly<Record<CompletionShell, string>> = {
  bash: `# d365: put this line into ~/.bashrc:  source <(d365 completion bash)
_d365() {
  local IFS=$'\\n'
  COMPREPLY=($(d365 __complete bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _d365 d365
`,
  zsh: `#compdef d365
# d365: put this line into ~/.zshrc, after compinit:  source <(d365 completion zsh)
_d365() {
  local -a candidates
  candidates=("\${(@f)$(d365 __complete zsh "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -S '' -- \${(M)candidates:#*=}
  compadd -- \${candidates:#*=}
}
compdef _d365 d365
`,
  fish: `# d365: put this line into ~/.config/fish/config.fish:  d365 completion fish | source
complete -c d365 -f -a '(d365 __complete fish (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};
