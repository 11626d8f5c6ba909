package keys

// secretKeys are the keys of secrets and configs, which are files in a
// container.
func secretKeys() []Key {
	var keys []Key
	for _, kind := range []string{"secrets", "configs"} {
		keys = append(keys, mapped("", "files",
			[2]string{kind, "files in containers"},
			[2]string{kind + ".*.name", "the name of the secret, a parameter's path or an ARN"},
			[2]string{kind + ".*.environment", "the name of the secret"},
			[2]string{kind + ".*.external", "it exists in AWS already"},
			[2]string{service + kind, "a file in the container, which AWS writes when a task starts"},
			[2]string{service + kind + "[].source", "which secret or config"},
			[2]string{service + kind + "[].target", "the path in the container"},
			[2]string{service + kind + "[].uid", "the file's owner"},
			[2]string{service + kind + "[].gid", "the file's group"},
			[2]string{service + kind + "[].mode", "the file's permissions"},
		)...)
		keys = append(keys, rows("", Ignored,
			[2]string{kind + ".*.labels", "it is not a separate object in AWS that could have tags"},
		)...)
		keys = append(keys, remedy(rows("", Refused,
			[2]string{kind + ".*.driver", "AWS stores the value"},
			[2]string{kind + ".*.driver_opts", "AWS stores the value"},
			[2]string{kind + ".*.template_driver", "AWS does not fill in templates"},
		), "remove it; name what exists in AWS by its path or ARN")...)
	}
	keys = append(keys, mapped("", "files",
		[2]string{"configs.*.file", "its content"},
		[2]string{"configs.*.content", "its content"},
	)...)
	return append(keys, rows("", Ignored,
		[2]string{"secrets.*.file", "on AWS its value is set with `berth secret set`"},
		[2]string{"secrets.*.content", "on AWS its value is set with `berth secret set`"},
	)...)
}
