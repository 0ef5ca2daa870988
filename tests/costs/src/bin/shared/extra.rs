//! The extra tools of a server under measurement: what they are called and how many are wanted.
//!
//! Only their number matters. They come in three groups, so that a server can have 1, 10, 100 or
//! 200 tools in all: `add` and none, one, two or three of the groups.

/// Calls the macro `$then` with every group: its name, the number of extra tools from which on it
/// is registered, and the names of its tools.
macro_rules! with_extra_tools {
    ($then:ident) => {
        $then! {
            nine from 9 {
                extra_001 extra_002 extra_003 extra_004 extra_005 extra_006 extra_007 extra_008
                extra_009
            }
            ninety from 99 {
                extra_010 extra_011 extra_012 extra_013 extra_014 extra_015 extra_016 extra_017
                extra_018 extra_019 extra_020 extra_021 extra_022 extra_023 extra_024 extra_025
                extra_026 extra_027 extra_028 extra_029 extra_030 extra_031 extra_032 extra_033
                extra_034 extra_035 extra_036 extra_037 extra_038 extra_039 extra_040 extra_041
                extra_042 extra_043 extra_044 extra_045 extra_046 extra_047 extra_048 extra_049
                extra_050 extra_051 extra_052 extra_053 extra_054 extra_055 extra_056 extra_057
                extra_058 extra_059 extra_060 extra_061 extra_062 extra_063 extra_064 extra_065
                extra_066 extra_067 extra_068 extra_069 extra_070 extra_071 extra_072 extra_073
                extra_074 extra_075 extra_076 extra_077 extra_078 extra_079 extra_080 extra_081
                extra_082 extra_083 extra_084 extra_085 extra_086 extra_087 extra_088 extra_089
                extra_090 extra_091 extra_092 extra_093 extra_094 extra_095 extra_096 extra_097
                extra_098 extra_099
            }
            hundred from 199 {
                extra_100 extra_101 extra_102 extra_103 extra_104 extra_105 extra_106 extra_107
                extra_108 extra_109 extra_110 extra_111 extra_112 extra_113 extra_114 extra_115
                extra_116 extra_117 extra_118 extra_119 extra_120 extra_121 extra_122 extra_123
                extra_124 extra_125 extra_126 extra_127 extra_128 extra_129 extra_130 extra_131
                extra_132 extra_133 extra_134 extra_135 extra_136 extra_137 extra_138 extra_139
                extra_140 extra_141 extra_142 extra_143 extra_144 extra_145 extra_146 extra_147
                extra_148 extra_149 extra_150 extra_151 extra_152 extra_153 extra_154 extra_155
                extra_156 extra_157 extra_158 extra_159 extra_160 extra_161 extra_162 extra_163
                extra_164 extra_165 extra_166 extra_167 extra_168 extra_169 extra_170 extra_171
                extra_172 extra_173 extra_174 extra_175 extra_176 extra_177 extra_178 extra_179
                extra_180 extra_181 extra_182 extra_183 extra_184 extra_185 extra_186 extra_187
                extra_188 extra_189 extra_190 extra_191 extra_192 extra_193 extra_194 extra_195
                extra_196 extra_197 extra_198 extra_199
            }
        }
    };
}

/// How many extra tools the command line asks for: its first argument, or none.
///
/// Ends the process on any number that is not 0, 9, 99 or 199: a server that silently had another
/// number of tools would be measured under a false name.
pub(crate) fn wanted() -> usize {
    let Some(argument) = std::env::args().nth(1) else {
        return 0;
    };
    let Ok(extra @ (0 | 9 | 99 | 199)) = argument.parse() else {
        eprintln!("the number of extra tools is 0, 9, 99 or 199, not `{argument}`");
        std::process::exit(2);
    };
    extra
}
