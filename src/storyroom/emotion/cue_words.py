"""Words that often go with an emotion, English and Chinese, as this project's writers would list them.

A head counts them beside everything else it takes in, and learns what they are worth. None decides alone:
"dead" is fear in one line and sadness in the next, so a word may stand under several emotions. English words
stand in their first form, Chinese ones as they are written; runs are of three words or characters at most.
"""

CUES = {
    ("anger", "en"): """
        damn hell how_dare liar lied shut_up get_out thief bastard idiot coward traitor dare_you
        don't_you_dare don't_you_ever who_gave_you your_fault enough_of sick_of_you hate_you kill_you
        fire_you you_people you_promised you_sold you_knew behind_my_back say_it_again my_own cheat
        betray slam hurl kick smash snatch shove punch rip tear_up fist glare snap throws get_off_my
        no_right how_many_times stupid fool congratulations_to lovely of_course_you
    """,
    ("disgust", "en"): """
        disgust vomit puke sick_over be_sick throw_up rotten rot mold mould maggot slime slimy stink
        stank smell reek spit drool snot phlegm fur hair_in toenail fingernail pus scab grease greasy
        sticky filthy filth dirty gag gross ew yuck wash_my washed_it wash_my_hands scrub rinse wipe
        crawl lick licked chew chewing sweat urine pee cockroach rat fly lice mucus ooze curdled rancid
        sour skin_crawl slug worm bile stomach
    """,
    ("fear", "en"): """
        afraid scared terrified help run hide don't_move don't_look don't_open behind_you get_back
        get_down gun knife blood fire follow following followed footstep the_door locked lock out_there
        someone's somebody's something's dark shadow scream shake shaking tremble what_if
        worry worried nervous panic please_don't please_,_don't hear_that listen too_quiet quiet stopped
        crack won't_stop can't_breathe breathing drown missing gone not_answering isn't_answering
        no_signal how_bad is_it_bad biopsy results whisper count_them keys back_away backs freeze cold
        danger careful slowly it's_moving watching closer
    """,
    ("joy", "en"): """
        haha laugh giggle grin smile beam happy glad delight wonderful beautiful gorgeous lovely_day
        love_you love_it thank_you thanks bless hurrah hooray yes_yes we_won we_did_it you_did_it
        i_did_it i_got_it i_passed they_said_yes she_said_yes he_said_yes safe alive home benign
        all_clear dance dancing sing singing hum humming kiss hug cheer champagne toast drink proud best
        finally first_time free baby it's_a_girl it's_a_boy born married marry perfect sweetheart
        darling you_beautiful gold jackpot lucky pie cake sunshine whoop applause bravo on_the_house
        come_here
    """,
    ("sadness", "en"): """
        sad cry cried tears weep grief mourn funeral grave buried died dead death lost gone miss missed
        alone lonely nobody no_one empty used_to anymore any_more never_got never_came never_said
        last_time goodbye sorry regret wish should_have too_late still keep kept leave_the_light old
        remember forget forgot forgotten years waited waiting wait_up chair photograph coat folds sits
        silence quietly slowly faded stale couldn't_save i_failed my_fault let_him_down let_her_down
        for_nothing over_now it's_over only_i without_her without_him her_voice his_voice widow
    """,
    ("surprise", "en"): """
        what? huh wow whoa wait hold_on hang_on oh_my_god my_god good_lord good_god good_heavens
        impossible can't_be that's_not_possible how_did how_do_you since_when you're_the you_are_the
        that's_my that's_you it's_you is_that no_way really? seriously i_thought you_said_you
        you_told_me who_knew never_knew had_no_idea didn't_know turns_out all_along nobody_told actually
        same stares stops freezes stock-still gapes jaw double_take drops blinks turns_over inside_is
        in_there? on_a_tuesday you? me? us? him? her?
    """,
    ("neutral", "en"): """
        floor form sign signature copy copies meeting schedule monday tuesday wednesday thursday friday
        appointment percent degrees minutes o'clock starts_at open_until closes page file folder number
        room street left right bus train delivery order invoice receipt per twice_a_day milligrams
        column next confirm report standard usual
    """,
    ("anger", "zh"): """
        滚 闭嘴 住口 混蛋 畜生 骗子 王八 放屁 胡说 撒谎 凭什么 欺负 你敢 敢动 试试 不要脸
        还有脸 告你 打死 宰了 弄死 站住 给我 你给我 瞎了 少来 休想 别想 够了 受够 你配 你也配
        良心 说清楚 交代 赔 怒 骂 砸 摔 踹 吼 瞪 咬牙 揪 撕 拍桌 掀 扇 狠狠 混账 废物 蠢
        谁让你 谁准 谁给你 当我 拿我当 你眼里 少给我 你再 他妈 老子 胆子 贱 拖下去 可真 真行
        真会
    """,
    ("disgust", "zh"): """
        恶心 呕 吐 反胃 想吐 臭 馊 腥 霉 发霉 蛆 蟑螂 苍蝇 老鼠 痰 鼻涕 口水 脚丫 脚气 抠
        剔牙 黏 粘糊 黏糊 脏 垃圾 腐 烂 尿 屎 屁 虱 脓 腻 油腻 汗味 味儿 怪味 膻 狐臭
        漱口 捂住鼻 捂着鼻 捏着鼻 洗了 消毒 沾 头发丝 指甲 下水道 泔水 地沟油 不配 无耻 下流
        嫌脏 龌龊 污 啐 呸 长毛 浮着 漂着 虫 胃里 膈应
    """,
    ("fear", "zh"): """
        怕 害怕 可怕 吓 恐 慌 救命 救 快跑 快走 快逃 跑啊 别过来 别开 别出声 别说话 别动
        别回头 嘘 小声 有人 脚步 门外 门把手 影子 跟着我 盯着 发抖 颤 哆嗦 冷汗 腿软 心跳
        喘不 手抖 抖 鬼 尸 血 枪 刀 炸 着火 塌 淹 危险 出事 不见了 失踪 找不到 会不会
        不会是 万一 怎么办 千万别 求你 求求 饶命 担心 紧张 完了 来不及 撑不住 躲 藏 退 敲门
        没信号 查出 化验 结果 手术 死
    """,
    ("joy", "zh"): """
        哈哈 嘿嘿 嘻嘻 呵呵 笑 乐 开心 高兴 太好了 好极了 真好 成了 赢了 中了 考上 录取
        通过了 升了 转正 涨工资 结婚 娶 嫁 喜 恭喜 祝贺 谢谢 感谢 爱 喜欢 亲 抱 拥抱 干杯
        庆祝 请客 我请 香 好吃 真甜 漂亮 好看 美 好样的 真棒 了不起 骄傲 争气 放心 没事了
        回来了 醒了 活了 平安 生了 母子 闺女 孙子 团圆 到家 回家 搞定 修好 第一名 冠军 有救
        蹦 跳起来 唱 咧嘴 幸福 福气 舒服 痛快 过瘾 值了 傻样 行啊 可算 终于
    """,
    ("sadness", "zh"): """
        哭 泪 伤心 难过 遗憾 后悔 可惜 想念 想你 想他 想她 舍不得 再也 走了 没了 不在了 去世
        临走 临终 坟 遗像 遗 忌日 墓 孤 一个人 空荡 空着 没人 没有人 等不到 没等 来不及
        没赶上 最后 当年 那年 以前 从前 年轻时 老了 散了 算了 罢了 认了 没用 对不起 怪我
        都怪我 就差 要是 原来 一直留 还留着 旧 凉了 回不去 忘了 不记得 关了 拆了 卖了 离婚
        分开 叹 沉默 低头 慢慢 独自 背影 望着 坐在 站了 叠 摩挲 抚
    """,
    ("surprise", "zh"): """
        什么？ 啥？ 啊？ 咦 哎？ 诶 哇 天哪 天啊 我的天 老天 妈呀 怎么会 不可能 怎么是 怎么在
        怎么没 怎么变 居然 竟然 竟 没想到 想不到 原来 真的？ 不是吧 不会吧 不是说 等等 等一下
        慢着 你再说 你是 是你？ 谁？ 哪来 哪儿来 愣 呆 瞪大 张大 傻了 僵 突然 忽然 从没
        从来没 头一回 头一次 第一次 怪了 奇怪 邪门 明明 刚才 怎么还 怎么又
    """,
    ("neutral", "zh"): """
        点 号 层 楼 填 签 签字 登记 表格 材料 一式 份 报告 记录 编号 会议 通知 开始 结束
        请 出示 排队 窗口 公里 路 左转 右转 站 车次 每天 每周 周一 周二 周三 周四 周五 上午
        下午 分钟 预计 正常 关闭 开放 送货 快递 钥匙 地址 电话 复印 一共 平方 度 毫升
    """,
}
"""By emotion and language. A `_` joins the words of a run."""
