"""Knowledge of a whole project: what each file imports, defines, builds and uses."""
